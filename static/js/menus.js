// <details data-menu> behaves like a menu: a click elsewhere, Escape, or the focus leaving closes it.

function close(menu) {
  menu.open = false;
}

function openMenus() {
  return document.querySelectorAll("details[data-menu][open]");
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) close(menu);
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) close(menu);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll("a, button, input")];
  if (event.key === "Escape") {
    close(menu);
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.matches("input[type=radio]")) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    const next = at === -1 && step === -1 ? items.length - 1 : at + step;
    items[(next + items.length) % items.length]?.focus();
  }
});
