// The cover, chosen by scrubbing the video of the preview. The number field holds the choice.

function clock(milliseconds) {
  const seconds = milliseconds / 1000;
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
}

export function watchCover(form) {
  const part = (name) => form.querySelector(`[data-cover-${name}]`);
  const number = () => form.querySelector("[data-cover] input[type=number]");
  const video = () => document.querySelector("video#preview-media");

  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-cover-range]")) return;
    number().value = Math.round(event.target.value);
    const player = video();
    player.pause();
    player.currentTime = event.target.value / 1000;
  });

  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cover-reset]")) return;
    number().value = "";
    if (video()) video().currentTime = 0;
    number().dispatchEvent(new Event("change", { bubbles: true }));
  });

  const refresh = () => {
    const scrub = part("scrub");
    if (!scrub) return;
    const seconds = video()?.duration;
    scrub.hidden = !Number.isFinite(seconds);
    if (scrub.hidden) return;
    const chosen = number().value;
    part("range").max = Math.floor(seconds * 1000);
    part("range").value = chosen || 0;
    part("reset").hidden = chosen === "";
    part("words").textContent = chosen === "" ? "The first picture" : `At ${clock(chosen)}`;
  };

  document
    .getElementById("preview-frame")
    .addEventListener("loadedmetadata", refresh, { capture: true });
  return refresh;
}
