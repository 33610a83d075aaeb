// The cover of a photo post is one of its photos: the choice is kept while they come, move and go.

function labelFor(tile, name, shown) {
  const label = document.createElement("label");
  label.className = "cover-photo";
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = name;
  radio.value = tile.dataset.medium;
  label.append(radio, shown);
  return label;
}

function picture(tile, place) {
  const shown = tile.querySelector("img");
  const words = `Photo ${place}`;
  if (!shown) {
    const none = document.createElement("span");
    none.className = "cover-none";
    none.textContent = words;
    return none;
  }
  const image = new Image(54, 72);
  image.src = shown.src;
  image.alt = words;
  return image;
}

function told(tile) {
  return `${tile.dataset.medium} ${tile.querySelector("img")?.getAttribute("src") ?? ""}`;
}

export function watchCovers(form) {
  let shown = ""; // of which photos, so that nothing is moved while it is being clicked
  let shownIn = null;
  return () => {
    const covers = form.querySelector("[data-covers]");
    const tiles = [...document.querySelectorAll("[data-photos] > [data-medium]")];
    const wanted = tiles.map(told).join();
    if (!covers || tiles.length === 0 || (shownIn === covers && shown === wanted)) return;
    [shown, shownIn] = [wanted, covers];
    const { name } = covers.querySelector("input");
    const chosen = covers.querySelector("input:checked")?.value;
    covers.replaceChildren(
      ...tiles.map((tile, index) => labelFor(tile, name, picture(tile, index + 1))),
    );
    const radios = [...covers.querySelectorAll("input")];
    (radios.find((radio) => radio.value === chosen) ?? radios[0]).checked = true;
  };
}
