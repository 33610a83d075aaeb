// One request of an upload. It ends with an answer, with a refusal in words, or lost on its way.

const STALL = 60_000; // milliseconds without a byte, or without an answer once all are sent
const PASSES = new Set([408, 425, 429, 500, 502, 503, 504]);
const SIGNED_OUT =
  "You are signed out, or may not upload here any more. Reload the page: what has arrived is kept.";
const TROUBLE = "The server had trouble with this file. Please try again in a moment.";

/** The server said no; `message` is for people. */
export class Refused extends Error {
  constructor(message, { status = 0, code = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered, or only trouble that passes by itself: worth another try. */
export class Lost extends Error {}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function refusalOf(request, answer) {
  const { code, message } = answer?.error ?? {};
  // A full disk does not pass by itself, whatever its status says.
  if (PASSES.has(request.status) && code !== "disk_full") return new Lost(message);
  const words = message ?? (request.status < 400 || request.status === 403 ? SIGNED_OUT : TROUBLE);
  return new Refused(words, { status: request.status, code });
}

/** Resolves to what the JSON of the answer says, or to null; rejects with Refused, Lost, or the
 *  reason of `signal`. `onProgress` is told how many bytes have gone out. */
export function ask(method, address, { body = null, headers = {}, onProgress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled;
    const stillAlive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => end(reject, new Lost()), STALL);
    };
    const stop = () => end(reject, signal.reason);
    const end = (settle, outcome) => {
      clearTimeout(stalled);
      signal?.removeEventListener("abort", stop);
      request.abort();
      settle(outcome);
    };
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    signal?.addEventListener("abort", stop);
    request.upload.addEventListener("progress", (event) => {
      stillAlive();
      onProgress?.(event.loaded);
    });
    request.addEventListener("error", () => end(reject, new Lost()));
    request.addEventListener("load", () => {
      const answer = answerOf(request);
      const isPage = request.getResponseHeader("Content-Type")?.startsWith("text/html");
      const isGood = request.status >= 200 && request.status < 300 && !isPage;
      if (isGood) end(resolve, answer);
      else end(reject, refusalOf(request, answer));
    });
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    stillAlive();
    request.send(body);
  });
}
