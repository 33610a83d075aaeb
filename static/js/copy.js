// <button data-copy="id"> copies the text of the element with that id, and says so on the button.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = "value" in source ? source.value : source.textContent.trim();
  const words = button.querySelector("[data-copy-words]");
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(text);
    words.textContent = "Copied";
  } catch {
    // No permission, or plain http: the older way, or at least select it for the person.
    getSelection().selectAllChildren(source);
    words.textContent = document.execCommand("copy") ? "Copied" : "Selected: copy it now";
  }
  setTimeout(() => {
    words.textContent = before;
  }, 2000);
});
