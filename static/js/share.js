// Passes a page's address on: by the device's own sheet where there is one, else by copying it.
(() => {
  const said = (button, words) => {
    const label = button.querySelector("[aria-live]");
    const before = label.textContent;
    label.textContent = words;
    setTimeout(() => {
      label.textContent = before;
    }, 2000);
  };

  const share = async (button) => {
    const { share: url, shareTitle: title, shareWords: text, shareDone: done } = button.dataset;
    const isPhone = matchMedia("(pointer: coarse)").matches;
    try {
      if (isPhone && navigator.share) await navigator.share(text ? { title, text, url } : { title, url });
      else {
        await navigator.clipboard.writeText(text ? `${text} ${url}` : url);
        said(button, done);
      }
    } catch {
      // The reader closed the sheet, or the browser forbids it; the address bar has the address.
    }
  };

  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = !(navigator.clipboard || navigator.share);
    button.addEventListener("click", () => share(button));
  }
})();
