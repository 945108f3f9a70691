// Help while typing (录入帮助): how many characters are left, and a sign that a phone's number keys lack.
"use strict";
(() => {
  const { words, all, each } = window.desk;
  const make = (tag, given) => Object.assign(document.createElement(tag), given);

  function counter(field) {
    const most = field.maxLength;
    if (most < 1 || field.dataset.counting) return;
    field.dataset.counting = "yes";
    const said = make("p", { className: "room-left", hidden: true });
    const told = make("p", { className: "visually-hidden" });
    told.setAttribute("role", "status");
    field.after(said, told);
    const show = (cut) => {
      const left = most - field.value.length;
      said.textContent = cut ? words.cut.replace("{n}", most) : `${field.value.length} / ${most}`;
      said.classList.toggle("is-full", cut);
      said.hidden = !(cut || document.activeElement === field || left < most / 10);
      // Said aloud only near the end, not at every key.
      told.textContent = cut ? said.textContent : left < most / 20 ? words.left.replace("{n}", left) : "";
    };
    ["input", "focus"].forEach((name) => field.addEventListener(name, () => show(false)));
    // A press on a button below takes the focus first: a line that goes away at once would move the button from under the pointer.
    field.addEventListener("blur", () => setTimeout(() => show(false), 400));
    field.addEventListener("paste", (event) => {
      const added = (event.clipboardData || { getData: () => "" }).getData("text").replace(/\r\n/g, "\n").length;
      const kept = field.value.length - (field.selectionEnd - field.selectionStart);
      if (kept + added > most) setTimeout(() => show(true));
    });
    show(false);
  }

  function sign(field) {
    if (!window.matchMedia("(pointer: coarse)").matches || field.dataset.signed) return;
    field.dataset.signed = "yes";
    const button = make("button", { type: "button", className: "btn btn-light btn-sm field-sign", textContent: field.dataset.sign });
    button.setAttribute("aria-label", words.sign.replace("{n}", field.dataset.sign));
    button.addEventListener("click", () => { field.setRangeText(field.dataset.sign, field.selectionStart, field.selectionEnd, "end"); field.dispatchEvent(new Event("input", { bubbles: true })); field.focus(); });
    field.after(button);
  }

  each((root) => { all(root, "[data-counted]").forEach(counter); all(root, "input[data-sign]").forEach(sign); });
})();
