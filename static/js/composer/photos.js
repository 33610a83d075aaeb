// The photos of a post in their order: moved by drag, by touch and by buttons, without the server.
// The order on the page is the order in which their hidden fields are sent.

import { showMedia } from "./upload.js";

const composer = () => document.getElementById("composer");
const list = () => document.querySelector("[data-photos]");
const tiles = () => [...document.querySelectorAll("[data-photos] > [data-medium]")];

function changed(words) {
  const said = document.querySelector("[data-photo-said]");
  if (said) said.textContent = words;
  composer().dispatchEvent(new Event("change", { bubbles: true }));
}

function whereIs(tile) {
  const all = tiles();
  return `${tile.dataset.name}: place ${all.indexOf(tile) + 1} of ${all.length}`;
}

function press(tile, verb, button) {
  const neighbour =
    verb === "earlier" ? tile.previousElementSibling : tile.nextElementSibling;
  if (verb === "remove") {
    remove(tile);
    return;
  }
  if (!neighbour) return;
  if (verb === "earlier") neighbour.before(tile);
  else neighbour.after(tile);
  button.focus();
  changed(whereIs(tile));
}

function remove(tile) {
  const next = tile.nextElementSibling ?? tile.previousElementSibling;
  const left = tiles().filter((each) => each !== tile);
  const alone = left.length === 1 && left[0].dataset.kind === "video";
  const mixed = document.getElementById("medium").dataset.kind === "mixed";
  if (left.length === 0 || alone || mixed) {
    // What is left looks different as a whole.
    const address = document.querySelector("form[data-upload]").dataset.part;
    showMedia(address, left.map((each) => each.dataset.medium));
    return;
  }
  const { name } = tile.dataset;
  tile.remove();
  next.querySelector("[data-move=remove]").focus();
  changed(`${name} removed`);
}

function watchButtons() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-photos] [data-move]");
    if (!button) return;
    event.preventDefault();
    press(button.closest("[data-medium]"), button.dataset.move, button);
  });
}

/** A tile follows the pointer from place to place as soon as it is over another one. */
function watchDrag() {
  let held = null;
  let moved = false;

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-photos] [data-handle]");
    if (!handle || event.button !== 0) return;
    held = handle.closest("[data-medium]");
    moved = false;
    handle.setPointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const below = document.elementsFromPoint(event.clientX, event.clientY);
    const over = below.map((each) => each.closest("[data-photos] > [data-medium]")).find(Boolean);
    if (!over || over === held) return;
    held.classList.add("photo-held");
    const all = tiles();
    if (all.indexOf(over) < all.indexOf(held)) over.before(held);
    else over.after(held);
    moved = true;
  });

  const letGo = () => {
    if (!held) return;
    held.classList.remove("photo-held");
    if (moved) changed(whereIs(held));
    held = null;
  };
  document.addEventListener("pointerup", letGo);
  document.addEventListener("pointercancel", letGo);
}

function showInPhone() {
  const frame = document.getElementById("preview-frame");
  const ready = tiles().filter((tile) => tile.dataset.file);
  const row = frame.querySelector(".phone-photos");
  if (!row) return;
  const addresses = ready.map((tile) => tile.dataset.file);
  const shown = [...row.children].map((image) => image.getAttribute("src"));
  if (addresses.join() === shown.join()) return;
  row.replaceChildren(
    ...addresses.map((address, index) => {
      const image = new Image(270, 525);
      image.loading = "lazy";
      image.src = address;
      image.alt = `Photo ${index + 1}`;
      return image;
    }),
  );
  row.scrollLeft = 0;
  row.dispatchEvent(new Event("scroll"));
}

export function watchPhotos() {
  watchButtons();
  watchDrag();
  return () => {
    if (!list()) return;
    const count = tiles().length;
    document.querySelector("[data-photo-count]").textContent = `${count} of at most 35`;
    showInPhone();
  };
}
