// What can not be chosen together is locked, and what is missing switches the buttons off and is
// said. The server enforces all of it again; without scripts it is the one to say it.

function lockBranded(form) {
  const privacy = form.querySelector("select[name$=privacy_level]");
  const branded = form.querySelector("[name$=brand_content]");
  if (!privacy || !branded) return;
  const disclosed = form.querySelector("[data-tiktok-options] [role=switch]").checked;
  const never = form.querySelector("[data-never-private]").dataset.neverPrivate;
  const onlyYou = [...privacy.options].find((option) => option.value === "SELF_ONLY");
  const isBranded = disclosed && branded.checked;
  if (onlyYou) {
    onlyYou.disabled = isBranded;
    onlyYou.title = isBranded ? never : "";
  }
  privacy.closest("[data-privacy-why]").title = isBranded ? never : "";
  const isPrivate = privacy.value === "SELF_ONLY";
  branded.disabled = isPrivate && !branded.checked;
  const why = form.querySelector("[data-not-private]");
  why.hidden = !branded.disabled;
  branded.closest(".field").title = branded.disabled ? why.textContent : "";
}

// What is closed to a direct post may stand in a note for the inbox.
function offerAudiences(form) {
  const inbox = form.querySelector("[data-mode=inbox]:checked") !== null;
  for (const option of form.querySelectorAll("option[data-closed]")) option.disabled = !inbox;
}

function inMinutes(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = Number((seconds % 60).toFixed(2));
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
}

function whatIsMissingAtTikTok(form, seconds) {
  const options = form.querySelector("[data-tiktok-options]");
  if (!options) return "";
  const forPhotos = options.dataset.kind === "photo";
  const isDraft = form.querySelector("[data-mode=inbox]:checked") !== null;
  if (isDraft && !forPhotos) return "";
  const tooLong = (text) => document.querySelector(`[data-counter=id_${text}].tone-red`);
  if (forPhotos && tooLong("title")) return "The title is too long.";
  if (tooLong("caption")) return `The ${forPhotos ? "description" : "caption"} is too long.`;
  if (isDraft) return "";
  const longest = Number(options.dataset.longest);
  if (longest && seconds > longest) {
    return (
      `The video lasts ${inMinutes(seconds)}; this account may post at most ` +
      `${inMinutes(longest)} directly.`
    );
  }
  const privacy = options.querySelector("select[name$=privacy_level]");
  if (!privacy) return "";
  const chosen = privacy.selectedOptions[0];
  if (!chosen?.value) return `Choose who can see ${forPhotos ? "these photos" : "this video"}.`;
  if (chosen.disabled) return chosen.title;
  const boxes = [...options.querySelectorAll(".disclosure-boxes [type=checkbox]")];
  if (options.querySelector("[role=switch]").checked && !boxes.some((box) => box.checked)) {
    return options.dataset.sayWhom;
  }
  return "";
}

function whatIsMissing(form, go) {
  if (go.dataset.closed) return go.dataset.closed;
  const media = [...document.querySelectorAll("#medium [data-medium]")].map((each) => each.dataset);
  if (media.length === 0) return "Upload a video or photos first.";
  if (document.getElementById("medium").dataset.kind === "mixed") {
    return "A post is either one video or photos, never both.";
  }
  if (media.length > 35) return `These are ${media.length} photos; a post takes at most 35.`;
  for (const { kind, state } of media) {
    if (state === "checking" || state === "uploading") return `The ${kind} is still being checked.`;
    if (state !== "ready") return `This ${kind} can not be posted.`;
  }
  if (!form.querySelector("[name=channel]:checked")) return "Choose an account.";
  return whatIsMissingAtTikTok(form, Number(media[0].seconds));
}

export function watchLocks(form) {
  return () => {
    offerAudiences(form);
    lockBranded(form);
    const go = form.querySelector("[data-go]");
    if (!go) return;
    const missing = whatIsMissing(form, go);
    for (const around of go.querySelectorAll("[data-go-reason]")) {
      const button = around.querySelector("[data-publish]");
      const why = missing || button.dataset.closed || "";
      button.disabled = why !== "";
      // A switched-off button shows no title of its own in some browsers; what is around it does.
      around.title = why;
    }
    const words = form.querySelector("[data-go-words]");
    if (words.textContent !== missing) words.textContent = missing;
  };
}
