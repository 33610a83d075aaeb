// Forms: a submitted form can not be sent twice, and its button shows that work is under way.
// A form with data-plain is left alone (a download, for example, never leaves the page).

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[data-plain]")) return;
  if ([...form.attributes].some(({ name }) => name.startsWith("hx-"))) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // aria-disabled, not disabled: a disabled button's name and value would not be sent.
  event.submitter?.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-disabled", "true");
});

// Back again from the browser's memory: the form is usable as before.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
});
