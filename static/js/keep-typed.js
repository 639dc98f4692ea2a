// What is typed into <form data-keep-typed="name"> stays in this tab until the server has it: through a lost
// connection, a broken page, a step back. <div data-typed-kept="name other"> says that the server has it. A form may name
// with data-keep-only what is kept of it. Forms and marks that htmx brings are found as well.
(() => {
  let store;
  try {
    store = window.sessionStorage;
  } catch {
    return;
  }
  const key = (name) => `typed:${name}`;
  const read = (name) => JSON.parse(store.getItem(key(name)) || "null");
  const forget = (name) => store.removeItem(key(name));

  const forgetWhatArrived = () => {
    for (const place of document.querySelectorAll("[data-typed-kept]")) {
      // Only what was sent: somebody may just have looked around and come back to write.
      for (const name of place.dataset.typedKept.split(" ")) if (read(name)?.sent) forget(name);
    }
  };

  const keep = (form) => {
    const name = form.dataset.keepTyped;
    const only = form.dataset.keepOnly?.split(" ");
    const isKept = (field) => (only ? only.includes(field.name) : field.type !== "submit" && field.name !== "csrfmiddlewaretoken");
    const fields = () => [...form.elements].filter((field) => field.name && isKept(field));
    const write = (sent) => {
      const values = Object.fromEntries(fields().map((field) => [field.name, field.value]));
      try {
        store.setItem(key(name), JSON.stringify({ values, sent }));
      } catch {
        // No room left: the form still holds the words.
      }
    };

    const before = read(name);
    const differs = (field) => field.type !== "hidden" && before.values[field.name] !== undefined && before.values[field.name] !== field.value;
    const notice = document.querySelector("[data-typed-back]");
    if (before && notice && !form.dataset.isAnswer && fields().some(differs)) {
      for (const field of fields()) {
        field.value = before.values[field.name] ?? field.value;
        // It does not bubble: other scripts of the field hear it, the form below does not.
        field.dispatchEvent(new Event("input"));
      }
      notice.hidden = false;
      notice.querySelector("button").addEventListener("click", () => {
        forget(name);
        window.location.reload();
      });
    }
    form.addEventListener("input", () => write(false));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value === "discard") forget(name);
      else write(true);
    });
  };

  const kept = new WeakSet();
  const look = () => {
    forgetWhatArrived();
    for (const form of document.querySelectorAll("form[data-keep-typed]")) {
      if (kept.has(form)) continue;
      kept.add(form);
      keep(form);
    }
  };
  look();
  document.addEventListener("htmx:load", look);
})();
