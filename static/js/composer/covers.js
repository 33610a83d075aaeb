// The cover of a photo post is one of its photos: the choice is kept while they come, move and go.

function labelFor(tile, name) {
  const label = document.createElement("label");
  label.className = "cover-photo";
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = name;
  radio.value = tile.dataset.medium;
  label.append(radio);
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

export function watchCovers(form) {
  return () => {
    const covers = form.querySelector("[data-covers]");
    if (!covers) return;
    const tiles = [...document.querySelectorAll("[data-photos] > [data-medium]")];
    const labels = new Map(
      [...covers.children].map((label) => [label.querySelector("input").value, label]),
    );
    const name = covers.querySelector("input").name;
    covers.replaceChildren(
      ...tiles.map((tile, index) => {
        const label = labels.get(tile.dataset.medium) ?? labelFor(tile, name);
        label.querySelector("img, .cover-none")?.remove();
        label.append(picture(tile, index + 1));
        return label;
      }),
    );
    const radios = [...covers.querySelectorAll("input")];
    if (radios.length > 0 && !radios.some((radio) => radio.checked)) radios[0].checked = true;
  };
}
