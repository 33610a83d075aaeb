// The composer: keeps its parts up to date, and sends nothing twice.
// Without it the page works all the same; each module adds one comfort.

import { watchWords } from "./counter.js";
import { watchCover } from "./cover.js";
import { watchCovers } from "./covers.js";
import { watchKind } from "./kind.js";
import { watchLocks } from "./locks.js";
import { watchPhotos } from "./photos.js";
import { watchPreview } from "./preview.js";
import { watchUploads } from "./upload.js";

const form = document.getElementById("composer");
const autosave = document.querySelector("[data-autosave]");

const refreshers = [watchWords, watchKind, watchPhotos, watchPreview, watchCover, watchCovers, watchLocks].map(
  (watch) => watch(form),
);
const refresh = () => refreshers.forEach((refreshPart) => refreshPart());

watchUploads();
form.addEventListener("input", refresh);
form.addEventListener("change", refresh);
document.addEventListener("htmx:afterSettle", refresh);
document.addEventListener("htmx:oobAfterSwap", refresh);
refresh();

// The first autosave makes the draft: a press of a button waits for it, so that there is one draft.
let waiting = null;

form.addEventListener("submit", (event) => {
  if (!autosave?.classList.contains("htmx-request")) return;
  event.preventDefault();
  waiting = event.submitter;
});

autosave?.addEventListener("htmx:afterRequest", () => {
  if (!waiting) return;
  const submitter = waiting;
  waiting = null;
  setTimeout(() => form.requestSubmit(submitter));
});
