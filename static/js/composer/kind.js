// Photos have other settings than a video: when the kind of the media changes, the part of the page
// that depends on it is fetched anew, with what was chosen so far.

const sort = (element) => (element?.dataset.kind === "photo" ? "photo" : "video");

export function watchKind(form) {
  let fetching = false;
  return () => {
    const shown = form.querySelector("[name=options_for]");
    if (!shown || fetching || sort(shown) === sort(document.getElementById("medium"))) return;
    fetching = true;
    const done = () => {
      fetching = false;
    };
    const where = { source: form, target: "#plan", swap: "innerHTML" };
    htmx.ajax("POST", form.dataset.plan, where).then(done, done);
  };
}
