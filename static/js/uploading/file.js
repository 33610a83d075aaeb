// One file in parts, by the protocol of docs/api.md: begin, send what is missing, complete.

import { Lost, Refused, ask } from "./requests.js";

const ROUNDS = 3; // of sending what the server says is missing

let isStoreOpen = true; // to browsers, as far as this page knows

/** SHA-256 in hex; empty where the browser has none, which is on pages without https. */
async function digestOf(bytes) {
  if (!crypto.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sliceOf(file, upload, number) {
  return file.slice((number - 1) * upload.part_size, number * upload.part_size);
}

async function bytesOf(file, upload, number) {
  try {
    return await sliceOf(file, upload, number).arrayBuffer();
  } catch {
    throw new Refused(`“${file.name}” can not be read any more. Has it moved or changed? Choose it again.`);
  }
}

function kindOf(file) {
  const isPhoto = file.type.startsWith("image/") || /\.(heic|heif|avif)$/i.test(file.name);
  return isPhoto ? "photo" : "video";
}

export class Uploading {
  #course;
  #at;
  #headers;
  #post;
  #upload = null;

  /** `at` is the address of uploads, `token` the one against cross-site requests, `workspace` the
   *  one that the page is about: another window may have gone elsewhere since. */
  constructor({ course, at, token, workspace, post }) {
    this.#course = course;
    this.#at = at;
    this.#headers = { "X-CSRFToken": token, "X-Workspace": workspace };
    this.#post = post;
  }

  /** Whether `file` has the bytes of every part that is there of the upload `id`; then goes on
   *  with that one. What can not be compared is another file. */
  async takesUp(file, id) {
    const upload = await this.#look(id);
    for (const number of upload.received) {
      const digest = await digestOf(await bytesOf(file, upload, number));
      if (!digest || upload.sha256[number] !== digest) return false;
    }
    this.#upload = upload;
    return true;
  }

  /** Resolves to the id of the medium. `onProgress` is told how many bytes are there.
   *  Rejects with Refused and Cancelled. */
  async send(file, onProgress) {
    if (file.size === 0) throw new Refused(`“${file.name}” is empty. Choose another file.`);
    this.#upload ??= await this.#begin(file);
    for (let round = 1; ; round += 1) {
      await this.#sendMissing(file, onProgress);
      try {
        return await this.#complete();
      } catch (error) {
        if (error.code !== "parts_missing" || round === ROUNDS) throw error;
        this.#upload = await this.#look(this.#upload.id);
      }
    }
  }

  /** No pause and no cancelling cuts this off: what the server began unheard could not be given up. */
  #begin(file) {
    const { size } = file;
    const wish = { name: file.name.slice(-200), size, kind: kindOf(file), post: this.#post };
    const options = { headers: this.#headers, body: JSON.stringify(wish) };
    return this.#course.persist(() => ask("POST", this.#at, options));
  }

  async #sendMissing(file, onProgress) {
    const upload = this.#upload;
    const there = new Set(upload.received);
    let here = 0;
    for (const number of there) here += sliceOf(file, upload, number).size;
    onProgress(here);
    for (let number = 1; number <= upload.part_count; number += 1) {
      if (there.has(number)) continue;
      const bytes = await bytesOf(file, upload, number);
      await this.#sendPart(number, bytes, (sent) => onProgress(here + Math.min(sent, bytes.byteLength)));
      here += bytes.byteLength;
      onProgress(here);
    }
  }

  async #sendPart(number, bytes, onProgress) {
    const sha256 = await digestOf(bytes);
    await this.#course.persist(async (signal) => {
      const tell = (sent) => {
        this.#course.flows();
        onProgress(sent);
      };
      onProgress(0);
      const options = { sha256, signal, onProgress: tell };
      const tryStore = this.#upload.has_addresses && isStoreOpen;
      if (tryStore && (await this.#sendPast(number, bytes, options))) return;
      await this.#part("PUT", number, "", { body: bytes, signal, onProgress: tell });
    });
  }

  /** To the store itself. If it lets no browser in (CORS), parts go through the server instead. */
  async #sendPast(number, bytes, { sha256, signal, onProgress }) {
    const options = { body: JSON.stringify({ sha256 }), signal };
    const place = await this.#part("POST", number, "address/", options);
    let sent = 0;
    const tell = (count) => {
      sent = count;
      onProgress(count);
    };
    try {
      await ask(place.method, place.url, { body: bytes, signal, onProgress: tell });
      return true;
    } catch (error) {
      const isBarred = error instanceof Refused || (error instanceof Lost && sent === 0);
      if (!isBarred) throw error;
      isStoreOpen = false;
      return false;
    }
  }

  async #complete() {
    const { id, media_id: medium } = this.#upload;
    let isAgain = false;
    return this.#course.persist(async (signal) => {
      try {
        await ask("POST", `${this.#at}${id}/complete/`, { headers: this.#headers, signal });
      } catch (error) {
        const isOver = isAgain && error.status === 404;
        isAgain = true;
        if (!isOver) throw error;
        // The first answer was lost: the upload is gone, and its medium must be there.
        const headers = { Accept: "application/json" };
        await ask("GET", `${this.#at}../media/${medium}/status/`, { headers, signal });
      }
      return medium;
    });
  }

  /** What is there is forgotten; if nobody answers, the server forgets it by itself in a day. */
  async giveUp() {
    if (this.#upload) await forget(`${this.#at}${this.#upload.id}/`, this.#headers["X-CSRFToken"]);
  }

  #part(method, number, rest, options) {
    const address = `${this.#at}${this.#upload.id}/parts/${number}/${rest}`;
    return ask(method, address, { headers: this.#headers, ...options });
  }

  #look(id) {
    const options = { headers: this.#headers };
    return this.#course.persist((signal) => ask("GET", `${this.#at}${id}/`, { ...options, signal }));
  }
}

export async function forget(address, token) {
  try {
    await ask("DELETE", address, { headers: { "X-CSRFToken": token } });
  } catch (error) {
    if (error.status !== 404 && !(error instanceof Lost)) throw error;
  }
}
