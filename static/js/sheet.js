// On a phone the bar's link opens the form as a sheet, once the form has arrived; without it the link leads to a page.
(() => {
  const narrow = matchMedia("(max-width: 61.98rem)");
  const source = document.currentScript.dataset.bootstrap;
  let wanted = false;

  const connect = () => {
    const link = document.getElementById("sign-bar-link");
    if (!link || !document.getElementById("sign")) return;
    link.dataset.bsToggle = "offcanvas";
    link.dataset.bsTarget = "#sign";
    link.setAttribute("aria-controls", "sign");
    link.setAttribute("role", "button");
  };

  const prepare = () => {
    if (wanted || !narrow.matches || !document.getElementById("sign")) return;
    wanted = true;
    // Only phones need Bootstrap's script, so only they load it.
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", connect);
    document.head.append(script);
  };

  document.addEventListener("htmx:afterSettle", prepare);
  narrow.addEventListener("change", prepare);
})();
