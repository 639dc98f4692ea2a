// When the browser or the person stops a passkey, the page says so instead of staying silent.
document.addEventListener("allauth.error", () => {
  const notice = document.querySelector("[data-passkey-error]");
  if (notice) notice.hidden = false;
});
