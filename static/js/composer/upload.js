// Sends the chosen files, each in one request, with the progress of all of them, and can be
// cancelled. Then the part of the page that shows the media is fetched, which watches their check.

import { say } from "../messages.js";
import { Meter } from "../progress.js";

const MOST = 4_000_000_000; // bytes of one file, as the server has it

function parts(form) {
  return {
    input: form.querySelector("input[type=file]"),
    zone: form.querySelector("[data-dropzone]"),
    progress: form.querySelector("[data-upload-progress]"),
    trouble: form.querySelector("[data-upload-error]"),
  };
}

function rest(form, sentence = "") {
  const { input, zone, progress, trouble } = parts(form);
  input.value = "";
  zone.hidden = false;
  progress.hidden = true;
  trouble.hidden = sentence === "";
  trouble.querySelector("p").textContent = sentence;
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function refusalOf(request) {
  const signedOut = request.status === 200 || request.status === 403;
  return (
    answerOf(request).message ??
    (signedOut
      ? "You are signed out, or may not upload here. Reload the page."
      : "The server had trouble with this file. Please try again in a moment.")
  );
}

/** Resolves to the ids of what has arrived; rejects with a sentence, or with "" when cancelled. */
function send(form, file, { onProgress, onStored, cancel }) {
  return new Promise((resolve, reject) => {
    if (file.size > MOST) {
      reject("This file is larger than 4 GB, the most that can be uploaded. Please export a smaller one.");
      return;
    }
    const body = new FormData(form);
    body.delete("beside");
    body.set("file", file);
    const request = new XMLHttpRequest();
    cancel(() => request.abort());
    request.upload.addEventListener("progress", (event) => {
      onProgress(Math.min(event.loaded, file.size));
      if (event.loaded >= event.total) onStored();
    });
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(answerOf(request).media.map((medium) => medium.id));
      else reject(refusalOf(request));
    });
    request.addEventListener("abort", () => reject(""));
    request.addEventListener("error", () =>
      reject("The connection broke before the whole file had arrived. Nothing was kept; please try again."),
    );
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.send(body);
  });
}

async function sendAll(form) {
  const { input, zone, progress, trouble } = parts(form);
  const files = [...input.files];
  if (files.length === 0) return;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const meter = new Meter(progress.querySelector(".progress"));
  let abort = () => {};
  let cancelled = false;
  zone.hidden = true;
  trouble.hidden = true;
  progress.hidden = false;
  progress.querySelector("[data-upload-cancel]").onclick = () => {
    cancelled = true;
    abort();
  };

  const arrived = [];
  const refusals = [];
  let before = 0; // bytes of the files that are done
  for (const [index, file] of files.entries()) {
    if (cancelled) break;
    const place = files.length > 1 ? ` (${index + 1} of ${files.length})` : "";
    meter.label(`Uploading “${file.name}”${place}`);
    meter.show(before, total);
    const sending = send(form, file, {
      onProgress: (sent) => meter.show(before + sent, total),
      onStored: () => files.length === 1 && meter.wait("Storing the file"),
      cancel: (how) => {
        abort = how;
      },
    });
    try {
      arrived.push(...(await sending));
    } catch (sentence) {
      if (sentence) refusals.push(files.length > 1 ? `“${file.name}”: ${sentence}` : sentence);
    }
    before += file.size;
  }
  if (arrived.length > 0) {
    await show(form, arrived);
    if (refusals.length > 0) say(refusals.join(" "), "error");
  } else {
    rest(form, refusals.join(" "));
  }
}

async function show(form, arrived) {
  const there = [...document.querySelectorAll("#medium [name=medium]")].map((each) => each.value);
  const chosen = form.dataset.upload === "add" ? [...there, ...arrived] : arrived;
  await showMedia(form.dataset.part, chosen);
}

/** Let the page show these media, in this order, and the composer know of them. */
export async function showMedia(address, chosen) {
  const query = new URLSearchParams(chosen.map((id) => ["medium", id]));
  await htmx.ajax("GET", `${address}?${query}`, { target: "#medium", swap: "outerHTML" });
  document.getElementById("composer").dispatchEvent(new Event("change", { bubbles: true }));
}

export function watchUploads() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (form && event.target.type === "file") sendAll(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-upload-progress]:not([hidden])")) event.preventDefault();
  });
}
