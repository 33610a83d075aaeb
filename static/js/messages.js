// Messages to the person: close them by hand; good news leaves by itself, trouble stays.

const STAY = 8000; // milliseconds
const ICONS = { error: "error", warning: "warning", success: "check-circle", info: "info" };
const TONES = { error: "red", warning: "orange", success: "green", info: "blue" };

function leave(message) {
  message.classList.add("message-leaving");
  setTimeout(() => message.remove(), 300);
}

function schedule(message) {
  if (!message.matches("[data-passing]") || message.dataset.watched) return;
  message.dataset.watched = "yes";
  let timer = setTimeout(() => leave(message), STAY);
  const wait = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => leave(message), STAY);
  };
  message.addEventListener("mouseenter", wait);
  message.addEventListener("focusin", wait);
  message.addEventListener("mouseleave", resume);
  message.addEventListener("focusout", resume);
}

/** Say something. `level` is "success", "info", "warning" or "error"; `text` is plain text. */
export function say(text, level = "info") {
  const list = document.getElementById("messages");
  const copy = document.getElementById("message-template").content.cloneNode(true);
  const message = copy.querySelector(".message");
  const use = copy.querySelector(".icon use");
  message.classList.add(`tone-${TONES[level]}`);
  message.toggleAttribute("data-passing", level === "success" || level === "info");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[level]}`));
  message.querySelector("p").textContent = text;
  list.append(copy);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-message-close]");
  if (button) leave(button.closest(".message"));
});

const list = document.getElementById("messages");
if (list) {
  list.querySelectorAll(".message").forEach(schedule);
  new MutationObserver(() => list.querySelectorAll(".message").forEach(schedule)).observe(list, {
    childList: true,
  });
}
