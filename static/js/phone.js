// The video in a drawn phone (templates/_phone.html): one large button plays and stops it, instead
// of the browser's own controls, which would lie under the words. Without scripts those stay.

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

function dressAll() {
  document.querySelectorAll(".phone video").forEach(dress);
}

document.addEventListener("htmx:oobAfterSwap", dressAll);
document.addEventListener("htmx:afterSwap", dressAll);
dressAll();
