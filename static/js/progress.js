// The progress of something long, in bytes and per cent, with speed and time left. Used with
// templates/_progress.html: const meter = new Meter(element); meter.show(sentBytes, totalBytes).

const UNITS = ["bytes", "kB", "MB", "GB"];

/** 19300000 -> "19.3 MB": decimal units, as the system's file manager shows them. */
export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < UNITS.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${count.toFixed(unit === 0 || count >= 100 ? 0 : 1)} ${UNITS[unit]}`;
}

/** 75 (seconds) -> "1 min 15 s". */
export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export class Meter {
  #element;
  #samples = []; // [milliseconds, bytes] of the last few seconds

  constructor(element) {
    this.#element = element;
  }

  /** Show `sent` of `total` bytes; the speed is that of the last five seconds. */
  show(sent, total) {
    const now = performance.now();
    this.#samples.push([now, sent]);
    this.#samples = this.#samples.filter(([at]) => now - at < 5000);
    const [since, before] = this.#samples[0];
    const speed = now > since ? ((sent - before) * 1000) / (now - since) : 0; // bytes a second
    const bar = this.#element.querySelector("progress");
    bar.max = total;
    bar.value = sent;
    this.#say("percent", `${total ? Math.floor((sent / total) * 100) : 0} %`);
    this.#say("bytes", `${bytes(sent)} of ${bytes(total)}`);
    this.#say("speed", speed > 0 ? `${bytes(speed)}/s` : "");
    this.#say("left", speed > 0 && sent < total ? `${duration((total - sent) / speed)} left` : "");
  }

  /** Say what is going on in words, for example "Checking the video". */
  label(words) {
    this.#say("label", words);
  }

  /** Nobody knows how long this part takes: the bar breathes. */
  wait(words) {
    this.#element.querySelector("progress").removeAttribute("value");
    for (const slot of ["percent", "speed", "left"]) this.#say(slot, "");
    this.label(words);
  }

  /** Nothing moves now: what was measured so far says nothing of what comes. */
  rest() {
    this.#samples = [];
    for (const slot of ["speed", "left"]) this.#say(slot, "");
  }

  #say(slot, words) {
    const element = this.#element.querySelector(`[data-progress-${slot}]`);
    if (element && element.textContent !== words) element.textContent = words;
  }
}
