// The accent colour while it is chosen (强调色预览): how it looks, and in words whether it can be read, by the rule of the server.
"use strict";
(() => {
  const box = document.querySelector("[data-accent-try]");
  const field = document.getElementById("accent");
  if (!box || !field) return;
  const said = box.querySelector("[data-accent-said]");
  const shipped = field.placeholder;
  const picker = Object.assign(document.createElement("input"), { type: "color", className: "form-control" });
  picker.setAttribute("aria-label", box.dataset.label);
  box.prepend(picker);

  const parts = (text) => [1, 3, 5].map((place) => parseInt(text.slice(place, place + 2), 16));
  const linear = (part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const brightness = (tint) => tint.map(linear).reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (one, other) => { const [low, high] = [brightness(one), brightness(other)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05); };

  function show() {
    const text = field.value.trim() || shipped;
    box.hidden = false;
    if (!/^#[0-9a-fA-F]{6}$/.test(text)) { said.textContent = box.dataset.wrong; said.classList.add("is-bad"); return; }
    const tint = parts(text);
    const light = tint.map((part) => Math.round(part + (255 - part) * 0.91));
    const least = Math.min(contrast(tint, [255, 255, 255]), contrast(tint, light));
    box.style.setProperty("--try", text);
    box.style.setProperty("--try-light", `rgb(${light.join(", ")})`);
    picker.value = text.toLowerCase();
    // Rounded down, so that the figure never says more than there is.
    said.textContent = (least >= 4.5 ? box.dataset.good : box.dataset.bad).replace("{n}", (Math.floor(least * 10) / 10).toFixed(1));
    said.classList.toggle("is-bad", least < 4.5);
  }

  field.addEventListener("input", show);
  picker.addEventListener("input", () => { field.value = picker.value; field.dispatchEvent(new Event("input", { bubbles: true })); });
  show();
})();
