// The switch between the system's theme, light and dark: radios named "theme" anywhere on the page.

const root = document.documentElement;

function chosen() {
  return root.dataset.theme ?? "auto";
}

function choose(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
}

function show() {
  for (const radio of document.querySelectorAll("[data-theme-switch] input")) {
    radio.checked = radio.value === chosen();
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  choose(event.target.value);
  show();
});

// Another tab has changed it.
window.addEventListener("storage", (event) => {
  if (event.key !== "theme") return;
  choose(event.newValue ?? "auto");
  show();
});

show();
