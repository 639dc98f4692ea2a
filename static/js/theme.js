// Before the first paint: the reader's own choice of theme, where there is one. The system's needs no script.
try {
  const choice = localStorage.getItem("theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.bsTheme = choice;
} catch {
  // No storage, no choice.
}
