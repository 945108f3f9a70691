// Show what was typed into a password box while the eye is pressed in.
"use strict";
document.querySelectorAll("[data-peek]").forEach((button) => {
  const box = document.getElementById(button.dataset.peek);
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = box.type === "password";
    box.type = open ? "text" : "password";
    button.setAttribute("aria-pressed", String(open));
    box.focus();
  });
  box.form.addEventListener("submit", () => { box.type = "password"; });
});
