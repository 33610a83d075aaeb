// What was begun in an earlier visit and is not finished: gone on with when the same file is chosen
// again, or deleted.

import { say } from "../messages.js";
import { forget } from "../uploading/file.js";
import { Refused } from "../uploading/requests.js";

/** Look whether one of them holds parts of `file`; then `uploading` goes on with it. */
export async function takeUp(uploading, file, form) {
  for (const kept of form.querySelectorAll(`[data-unfinished][data-size="${file.size}"]`)) {
    try {
      if (await uploading.takesUp(file, kept.dataset.unfinished)) return;
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // it is gone by now
    }
  }
}

/** Ask anew what is unfinished. */
export function renew(form) {
  htmx.trigger(form.querySelector("[data-upload-unfinished]"), "begun");
}

export function watchUnfinished() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-unfinished-delete]");
    if (!button) return;
    const form = button.closest("form");
    const { unfinished } = button.closest("[data-unfinished]").dataset;
    button.disabled = true;
    try {
      await forget(`${form.dataset.uploads}${unfinished}/`, form.elements.csrfmiddlewaretoken.value);
    } catch (error) {
      say(error.message, "error");
    }
    renew(form);
  });
}
