// Sends a chosen file in one request, with its progress, and can be cancelled. The answer leads to
// the part of the page that watches the check.

import { Meter } from "../progress.js";

const MOST = 4_000_000_000; // bytes, as the server has it

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

function arrived(form, request) {
  const answer = answerOf(request);
  if (request.status !== 201) {
    const signedOut = request.status === 200 || request.status === 403;
    const why = signedOut
      ? "You are signed out, or may not upload here. Reload the page."
      : "The server had trouble with this file. Please try again in a moment.";
    rest(form, answer.message ?? why);
    return;
  }
  const hidden = document.getElementById("id_medium");
  hidden.value = answer.id;
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
  htmx.ajax("GET", answer.status_url, { target: "#medium", swap: "outerHTML" });
}

function send(form) {
  const { input, zone, progress, trouble } = parts(form);
  const [file] = input.files;
  if (!file) return;
  if (file.size > MOST) {
    rest(form, "This file is larger than 4 GB, the most that can be uploaded. Please export a smaller one.");
    return;
  }
  const body = new FormData(form);
  const meter = new Meter(progress.querySelector(".progress"));
  const request = new XMLHttpRequest();
  zone.hidden = true;
  trouble.hidden = true;
  progress.hidden = false;
  meter.label(`Uploading “${file.name}”`);
  meter.show(0, file.size);
  progress.querySelector("[data-upload-cancel]").onclick = () => request.abort();

  request.upload.addEventListener("progress", (event) => {
    meter.show(Math.min(event.loaded, file.size), file.size);
    if (event.loaded >= event.total) meter.wait("Storing the video");
  });
  request.addEventListener("load", () => arrived(form, request));
  request.addEventListener("abort", () => rest(form));
  request.addEventListener("error", () =>
    rest(form, "The connection broke before the whole file had arrived. Nothing was kept; please try again."),
  );
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.send(body);
}

export function watchUploads() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (form && event.target.type === "file") send(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-upload-progress]:not([hidden])")) event.preventDefault();
  });
}
