// The video in a drawn phone (templates/_phone.html): one large button plays and stops it, instead
// of the browser's own controls, which would lie under the words. Without scripts those stay.
// Photos are swiped, or go on by a click on their right half and back by one on their left.

function dress(video) {
  if (video.dataset.dressed) return;
  video.dataset.dressed = "yes";
  video.controls = false;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "phone-play";
  const say = () => {
    button.dataset.playing = video.paused ? "" : "yes";
    button.setAttribute("aria-label", video.paused ? "Play the preview" : "Pause the preview");
  };
  button.addEventListener("click", () => {
    if (video.paused) video.play().catch(say);
    else video.pause();
  });
  for (const event of ["play", "pause", "ended"]) video.addEventListener(event, say);
  video.addEventListener("error", () => button.remove());
  video.after(button);
  say();
}

function tellPlace(row) {
  const pill = row.parentElement.querySelector("[data-phone-count]");
  if (!pill) return; // htmx brings the parts of a page one after the other
  const count = row.children.length;
  const place = Math.min(count, Math.round(row.scrollLeft / row.clientWidth || 0) + 1);
  pill.textContent = count > 1 ? `${place} / ${count}` : "1 photo";
  pill.hidden = count === 0;
}

document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.matches?.(".phone-photos")) tellPlace(event.target);
  },
  true, // it does not bubble
);

document.addEventListener("click", (event) => {
  const row = event.target.closest?.(".phone-photos");
  if (!row) return;
  const { left, width } = row.getBoundingClientRect();
  row.scrollBy({ left: event.clientX - left > width / 2 ? width : -width, behavior: "smooth" });
});

function dressAll() {
  document.querySelectorAll(".phone video").forEach(dress);
  document.querySelectorAll(".phone-photos").forEach(tellPlace);
}

document.addEventListener("htmx:oobAfterSwap", dressAll);
document.addEventListener("htmx:afterSwap", dressAll);
dressAll();
