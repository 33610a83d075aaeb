// Sends the chosen files in parts, one after the other, with the progress of all of them. It can be
// paused, waits out a lost connection, and goes on with what an earlier visit began. Then the part
// of the page that shows the media is fetched, which watches their check.

import { say } from "../messages.js";
import { Meter, duration } from "../progress.js";
import { Cancelled, Course } from "../uploading/course.js";
import { Uploading } from "../uploading/file.js";
import { Refused } from "../uploading/requests.js";
import { renew, takeUp, watchUnfinished } from "./unfinished.js";

const NOTES = {
  going: () => "",
  paused: () => "Paused. What has arrived is kept for a day.",
  lost: (wait) =>
    navigator.onLine
      ? `Connection lost, waiting. The next try is in ${duration(wait / 1000)}.`
      : "You are offline, waiting. It goes on by itself once you are online again.",
};

function parts(form) {
  return {
    input: form.querySelector("input[type=file]"),
    zone: form.querySelector("[data-dropzone]"),
    unfinished: form.querySelector("[data-upload-unfinished]"),
    progress: form.querySelector("[data-upload-progress]"),
    note: form.querySelector("[data-upload-note]"),
    pause: form.querySelector("[data-upload-pause]"),
    resume: form.querySelector("[data-upload-resume]"),
    cancel: form.querySelector("[data-upload-cancel]"),
    trouble: form.querySelector("[data-upload-error]"),
  };
}

function showWork(form, isUnderWay) {
  const { zone, unfinished, progress, trouble } = parts(form);
  zone.hidden = unfinished.hidden = isUnderWay;
  progress.hidden = !isUnderWay;
  if (isUnderWay) trouble.hidden = true;
}

function rest(form, sentence) {
  const { input, trouble } = parts(form);
  input.value = "";
  showWork(form, false);
  trouble.hidden = sentence === "";
  trouble.querySelector("p").textContent = sentence;
  renew(form);
}

/** The course that the buttons of the form steer, and that the note tells of. */
function steered(form, meter) {
  const { note, progress, pause, resume, cancel } = parts(form);
  const course = new Course((state, wait) => {
    progress.classList.toggle("tone-orange", state === "lost");
    progress.classList.toggle("tone-grey", state === "paused");
    note.textContent = NOTES[state]?.(wait) ?? "";
    const hadFocus = [pause, resume].includes(document.activeElement);
    pause.hidden = state === "paused";
    resume.hidden = state !== "paused";
    if (hadFocus) (pause.hidden ? resume : pause).focus();
    if (state !== "going") meter.rest();
  });
  pause.onclick = () => course.pause();
  resume.onclick = () => course.goOn();
  cancel.onclick = () => course.cancel();
  course.goOn();
  return course;
}

/** Resolves to the id of the medium; rejects with Refused, or with Cancelled once it is given up. */
async function send(form, file, course, onProgress) {
  const uploading = new Uploading({
    course,
    at: form.dataset.uploads,
    token: form.elements.csrfmiddlewaretoken.value,
    workspace: form.dataset.workspace,
    post: form.elements.post.value,
  });
  try {
    await takeUp(uploading, file, form);
    return await uploading.send(file, onProgress);
  } catch (error) {
    if (error instanceof Cancelled) await uploading.giveUp();
    throw error;
  }
}

async function sendAll(form) {
  const files = [...parts(form).input.files];
  if (files.length === 0) return;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const meter = new Meter(parts(form).progress.querySelector(".progress"));
  const course = steered(form, meter);
  showWork(form, true);

  const arrived = [];
  const refusals = [];
  let before = 0; // bytes of the files that are done
  for (const [index, file] of files.entries()) {
    const place = files.length > 1 ? ` (${index + 1} of ${files.length})` : "";
    meter.label(`Uploading “${file.name}”${place}`);
    meter.show(before, total);
    try {
      arrived.push(await send(form, file, course, (sent) => meter.show(before + sent, total)));
    } catch (error) {
      if (error instanceof Cancelled) break;
      if (!(error instanceof Refused)) throw error;
      refusals.push(files.length > 1 ? `“${file.name}”: ${error.message}` : error.message);
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
  watchUnfinished();
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (form && event.target.type === "file") sendAll(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-upload-progress]:not([hidden])")) event.preventDefault();
  });
}
