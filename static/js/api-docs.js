// The page of the API in the theme of the other pages: its library knows a class of its own for dark.
// Runs after theme.js, before anything is painted.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const theme = root.dataset.theme || (system.matches ? "dark" : "light");
    root.classList.toggle("dark-mode", theme === "dark");
  };
  system.addEventListener("change", show);
  show();
})();
