// Counts a caption as the platform counts it, in UTF-16 code units: most emoji count as two.

/** The length that the server will find: a line end is one. */
export function captionLength(text) {
  return text.replace(/\r\n?/g, "\n").length;
}

const figures = new Intl.NumberFormat("en");

export function watchCaption(form) {
  const counter = document.querySelector("[data-counter]");
  const caption = document.getElementById(counter.dataset.counter);
  return () => {
    const limit = Number(form.querySelector("[data-caption-limit]")?.dataset.captionLimit || 0);
    const length = captionLength(caption.value);
    const excess = limit ? length - limit : 0;
    counter.classList.toggle("tone-red", excess > 0);
    if (excess > 0) counter.textContent = `${figures.format(excess)} too many`;
    else if (limit) counter.textContent = `${figures.format(length)} / ${figures.format(limit)}`;
    else counter.textContent = figures.format(length);
  };
}
