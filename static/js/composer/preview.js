// The phone beside the form: the words as they are typed, with tags and mentions as the platform
// will see them, and the name of the account that is chosen.

// Only what is set off by spaces or line ends is a tag or a mention.
const WORDS = /(\s+)/;
const TAG = /^[#@][^\s#@]+$/;

function showCaption(element, text) {
  element.replaceChildren(
    ...text.split(WORDS).map((word) => {
      if (!TAG.test(word)) return document.createTextNode(word);
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.textContent = word;
      return tag;
    }),
  );
}

export function watchPreview(form) {
  const caption = form.querySelector("textarea[name=caption]");
  const title = form.querySelector("[name=title]");
  const note = document.querySelector("[data-unplayable]");
  const frame = document.getElementById("preview-frame");
  // Neither event bubbles: an HEVC video, for example, is more than some browsers play.
  frame.addEventListener("error", () => note.toggleAttribute("hidden", false), true);
  frame.addEventListener("loadeddata", () => note.toggleAttribute("hidden", true), true);
  return () => {
    showCaption(document.getElementById("preview-caption"), caption.value);
    if (!frame.querySelector("video")) note.hidden = true;
    const isPhotos = document.getElementById("medium").dataset.kind === "photo";
    document.getElementById("preview-heading").textContent = isPhotos ? title.value : "";
    const name = form.querySelector("[data-account-name]")?.dataset.accountName ?? "";
    frame.querySelector(".phone-handle").textContent = name;
    const face = frame.querySelector("span.avatar");
    if (face) face.textContent = name.slice(0, 1) || "?";
  };
}
