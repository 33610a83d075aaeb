// What htmx leaves to us: trouble is said aloud, and a whole page never lands inside a part of one.

import { say } from "./messages.js";

document.addEventListener("htmx:sendError", () => {
  say("The server can not be reached. Check your connection; nothing was changed.", "error");
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 403) say("That is not allowed, or you were signed out. Reload the page.", "error");
  else if (status === 404) say("That does not exist any more. Reload the page.", "error");
  else if (status === 429) say("That was too often. Wait a minute and try again.", "warning");
  else say("The server had trouble with that. Try again in a moment.", "error");
});

// After a log-out elsewhere the server redirects to the log-in page: go there as a whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, isError } = event.detail;
  if (isError || target === document.body) return;
  if (/^\s*<!doctype html/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  }
});
