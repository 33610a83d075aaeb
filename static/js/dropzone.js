// <label class="dropzone" data-dropzone> around an <input type="file">: files dropped on it land in
// the input, which then fires "change" as if the person had chosen them.

function zoneOf(event) {
  return event.target.closest?.("[data-dropzone]");
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const zone = zoneOf(event);
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    zone.classList.add("dropzone-over");
  });
}

document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("dropzone-over");
});

document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("dropzone-over");
  const input = zone.querySelector("input[type=file]");
  if (input.disabled || event.dataTransfer.files.length === 0) return;
  const taken = new DataTransfer();
  const files = [...event.dataTransfer.files];
  for (const file of input.multiple ? files : files.slice(0, 1)) taken.items.add(file);
  input.files = taken.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
