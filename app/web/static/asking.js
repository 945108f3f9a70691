// Conditional parts of a form (条件显示): a field that another answer does not ask for is hidden and not sent.
"use strict";
(() => {
  const { all, each } = window.desk;

  function value(form, name) {
    const field = form.elements.namedItem(name);
    return field && field.type === "checkbox" ? (field.checked ? "True" : "") : field ? field.value : "";
  }

  function turn(box, shown) {
    box.hidden = !shown;
    box.removeAttribute("data-away");
    all(box, "input, select, textarea").forEach((field) => {
      field.disabled = !shown;
      if (field.tomselect) field.tomselect[shown ? "enable" : "disable"]();
    });
  }

  // Fields may depend on one another in a row; the order of the page is the order of the declaration.
  function settle(form) {
    all(form, "[data-when]").forEach((box) => {
      const other = form.elements.namedItem(box.dataset.when);
      const away = !other || other.disabled;
      turn(box, !away && box.dataset.is.split("|").includes(value(form, box.dataset.when)));
    });
    all(form, "details.group").forEach((group) => {
      const boxes = all(group, ".field");
      group.hidden = boxes.length > 0 && boxes.every((box) => box.hidden);
    });
  }

  function watch(root) {
    const forms = new Set(all(root, "[data-when]").map((box) => box.closest("form")));
    forms.forEach((form) => {
      all(form, "[data-when]").forEach((box) => {
        const other = form.elements.namedItem(box.dataset.when);
        if (!other) return;
        const known = new Set((other.getAttribute("aria-controls") || "").split(" ").filter(Boolean).concat(box.id));
        other.setAttribute("aria-controls", Array.from(known).join(" "));
      });
      form.addEventListener("change", () => settle(form));
      settle(form);
    });
  }

  each(watch);
})();
