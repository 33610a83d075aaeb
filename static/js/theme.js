// Runs in <head> before anything is painted, so that a chosen theme never flashes the other one.
// Kept apart from the modules, which load later. The choice is made in theme-switch.js.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage is forbidden in this browser: the system's preference stays.
  }
})();
