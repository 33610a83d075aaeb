// A button in each password field shows what was typed. The template "reveal-template" draws it.

function dress(input) {
  const template = document.getElementById("reveal-template");
  if (!template) return;
  const frame = document.createElement("div");
  frame.className = "field-inside";
  input.replaceWith(frame);
  frame.append(input, template.content.cloneNode(true));
  const button = frame.querySelector("button");
  const use = button.querySelector("use");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-off"));
  });
  // Sent as a password, so that browsers offer to remember it.
  input.form?.addEventListener("submit", () => {
    input.type = "password";
  });
}

document.querySelectorAll(".field input[type=password]").forEach(dress);
