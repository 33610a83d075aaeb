// The browser's own time zone: for the hidden field of the sign-up form (data-time-zone), and for
// the notice that offers it to who has another one (data-zone-notice, templates/_zone_notice.html).

const KEPT = "time-zone-kept"; // the two zones between which the person has chosen

const here = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

for (const input of document.querySelectorAll("input[data-time-zone]")) input.value ||= here;

/** Whether both names mean the same zone to this browser (Asia/Calcutta is Asia/Kolkata). */
function areTheSame(one, other) {
  const known = (timeZone) => Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  try {
    return known(one) === known(other);
  } catch {
    return true; // one of them is unknown here: nothing to offer
  }
}

const notice = document.querySelector("[data-zone-notice]");
if (notice && here) {
  const theirs = notice.dataset.zoneNotice;
  const choice = `${theirs} ${here}`;
  notice.elements.time_zone.value = here;
  notice.querySelector("[data-zone-here]").textContent = here;
  notice.hidden = areTheSame(theirs, here) || localStorage.getItem(KEPT) === choice;
  notice.querySelector("[data-zone-keep]").addEventListener("click", () => {
    localStorage.setItem(KEPT, choice);
    notice.hidden = true;
  });
}
