// A field with maxlength and data-textcount="Characters left: {n}" says under it how much room is left.
(() => {
  const PAUSE = 800;

  const attach = (field) => {
    const line = document.createElement("p");
    line.className = "counted";
    line.setAttribute("aria-live", "polite");
    (field.closest(".mb-3") || field).after(line);
    const write = () => {
      const left = field.maxLength - field.value.length;
      line.textContent = field.dataset.textcount.replace("{n}", left.toLocaleString(document.documentElement.lang));
    };
    let waiting;
    field.addEventListener("input", () => {
      // A screen reader hears the line when the typing pauses, not at each key.
      clearTimeout(waiting);
      waiting = setTimeout(write, PAUSE);
    });
    write();
  };

  for (const field of document.querySelectorAll("[data-textcount][maxlength]")) attach(field);
})();
