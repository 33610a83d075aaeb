// <dialog>: a button with command="show-modal" commandfor="id" opens it, command="close" closes it.
// Browsers that know these attributes need no script; for the others this file does the same.
// A click on the backdrop closes every dialog that has the class "dialog".

const native = "command" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[commandfor]");
  if (button && !native) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else if (button.getAttribute("command") === "close") dialog.close();
    return;
  }
  // Only the backdrop hits the dialog itself: its content sits in .dialog-inside.
  if (event.target.matches("dialog.dialog[open]")) event.target.close();
});
