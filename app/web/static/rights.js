// The rights of a role (权限矩阵): whole rows, columns and areas at once, a box that narrows the table, and how much has changed.
"use strict";
(() => {
  const form = document.querySelector("[data-rights]");
  if (!form) return;
  const all = (root, what) => Array.from(root.querySelectorAll(what));
  const boxes = all(form, "input[name=give]");
  const shown = (box) => !box.closest("tr").hidden;

  // Each of these boxes stands for several; only those that the narrowed table shows are meant.
  const wholes = all(form, "[data-column], [data-whole]").map((whole) => ({
    whole,
    parts: () => (whole.dataset.column
      ? boxes.filter((box) => box.dataset.verb === whole.dataset.column)
      : all(whole.closest(whole.dataset.whole === "area" ? "tbody" : "tr"), "input[name=give]")).filter(shown),
  }));

  function tell() {
    wholes.forEach(({ whole, parts }) => {
      const ticked = parts().filter((box) => box.checked).length;
      whole.checked = ticked > 0 && ticked === parts().length;
      whole.indeterminate = ticked > 0 && !whole.checked;
    });
    const changed = boxes.filter((box) => box.checked !== box.defaultChecked).length;
    const place = form.querySelector("[data-changed-count]");
    place.textContent = changed ? place.dataset.words.replace("{n}", changed) : "";
    boxes.forEach((box) => box.closest("td").classList.toggle("rights-now", box.checked !== box.defaultChecked));
  }

  function narrow(text) {
    all(form, "[data-subject]").forEach((row) => { row.hidden = !row.querySelector("th").textContent.toLowerCase().includes(text); });
    all(form, "[data-area]").forEach((area) => { area.hidden = all(area, "[data-subject]").every((row) => row.hidden); });
    tell();
  }

  wholes.forEach(({ whole, parts }) => {
    whole.hidden = false;
    whole.addEventListener("change", () => { parts().forEach((box) => { box.checked = whole.checked; }); });
  });
  const finder = form.querySelector("[data-narrow]");
  finder.hidden = false;
  finder.addEventListener("input", () => narrow(finder.value.trim().toLowerCase()));
  finder.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  form.addEventListener("change", tell);
  form.addEventListener("reset", () => setTimeout(tell));
  tell();
})();
