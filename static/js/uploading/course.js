// The course of something long: it waits out a lost connection, can be paused, goes on, and can be
// cancelled. Watch it by `onChange`, which is told "going", "lost" or "paused".

import { Lost } from "./requests.js";

const FIRST_WAIT = 1_000; // milliseconds; doubles
const LONGEST_WAIT = 30_000;

export class Cancelled extends Error {}

export class Course {
  #abort = new AbortController();
  #wake = () => {};
  #onChange;
  state = "going";

  constructor(onChange) {
    this.#onChange = onChange;
  }

  pause() {
    this.#become("paused");
    this.#abort.abort();
    this.#wake();
  }

  goOn() {
    this.#become("going");
    this.#wake();
  }

  cancel() {
    this.#become("cancelled");
    this.#abort.abort();
    this.#wake();
  }

  /** Try until it works or is refused. After a lost connection it waits, longer each time, but no
   *  longer than until the browser is online again. Raises Cancelled, and what `attempt` raises. */
  async persist(attempt) {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      await this.#open();
      try {
        const outcome = await attempt(this.#abort.signal);
        this.flows();
        return outcome;
      } catch (error) {
        if (this.#abort.signal.aborted) continue; // paused or cancelled
        if (!(error instanceof Lost)) throw error;
        this.#become("lost", wait);
        await this.#sleep(wait);
      }
    }
  }

  /** Say that bytes flow again. */
  flows() {
    if (this.state === "lost") this.#become("going");
  }

  async #open() {
    while (this.state === "paused") await this.#sleep();
    if (this.state === "cancelled") throw new Cancelled();
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
  }

  #become(state, wait = 0) {
    this.state = state;
    this.#onChange(state, wait);
  }

  #sleep(milliseconds = null) {
    return new Promise((resolve) => {
      const timer = milliseconds && setTimeout(resolve, milliseconds);
      window.addEventListener("online", resolve);
      this.#wake = resolve;
      this.#tidy = () => {
        clearTimeout(timer);
        window.removeEventListener("online", resolve);
      };
    }).finally(() => this.#tidy());
  }

  #tidy = () => {};
}
