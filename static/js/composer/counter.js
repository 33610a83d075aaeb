// Counts texts as the platform counts them, in UTF-16 code units: most emoji count as two.

/** The length that the server will find: a line end is one. */
export function captionLength(text) {
  return text.replace(/\r\n?/g, "\n").length;
}

const figures = new Intl.NumberFormat("en");

function count(counter, limits) {
  const text = document.getElementById(counter.dataset.counter);
  const limit = Number(limits?.dataset[counter.dataset.counterLimit] || 0);
  const length = captionLength(text.value);
  const excess = limit ? length - limit : 0;
  counter.classList.toggle("tone-red", excess > 0);
  if (excess > 0) counter.textContent = `${figures.format(excess)} too many`;
  else if (limit) counter.textContent = `${figures.format(length)} / ${figures.format(limit)}`;
  else counter.textContent = figures.format(length);
}

export function watchWords(form) {
  const counters = [...document.querySelectorAll("[data-counter]")];
  // The Enter key in a single line would send the form.
  form.querySelector("[name=title]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  return () => {
    const limits = form.querySelector("[name=options_for]");
    for (const counter of counters) count(counter, limits);
  };
}
