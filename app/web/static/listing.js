// Lists (列表): the query form unfolds, columns and row height are remembered, chosen rows show the bulk bar.
"use strict";
(() => {
  const { words, all, memory, each } = window.desk;

  function filters(root) {
    all(root, "[data-filters]").forEach((form) => {
      const more = form.querySelector("[data-more]");
      const set = (open) => {
        form.classList.toggle("open", open);
        if (more) { more.setAttribute("aria-expanded", String(open)); more.querySelector("span").textContent = open ? words.less : words.more; }
      };
      set(form.querySelector("[data-active='1']") !== null || memory.get("filters") === "open");
      if (more) more.addEventListener("click", () => { set(!form.classList.contains("open")); memory.set("filters", form.classList.contains("open") ? "open" : "shut"); });
      // Blank fields would only make the address long and hard to share.
      form.addEventListener("submit", () => all(form, "input, select").forEach((field) => { if (!field.value) field.disabled = true; }));
      window.addEventListener("pageshow", () => all(form, ":disabled").forEach((field) => { field.disabled = false; }));
    });
  }

  function bulk(root) {
    const bar = root.querySelector(".bulk");
    const boxes = all(root, "[data-one]");
    const whole = root.querySelector("[data-all]");
    if (!bar || !whole) return;
    let last = null;
    const show = () => {
      const count = boxes.filter((box) => box.checked).length;
      boxes.forEach((box) => box.closest("tr").classList.toggle("chosen", box.checked));
      whole.checked = count === boxes.length;
      whole.indeterminate = count > 0 && count < boxes.length;
      bar.hidden = count === 0;
      bar.querySelector("[data-bulk-count]").textContent = words.chosen.replace("{n}", count);
    };
    const mark = (state) => { boxes.forEach((box) => { box.checked = state; }); show(); };
    whole.addEventListener("change", () => mark(whole.checked));
    bar.querySelector("[data-bulk-none]").addEventListener("click", () => mark(false));
    boxes.forEach((box, place) => box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) boxes.slice(Math.min(last, place), Math.max(last, place) + 1).forEach((one) => { one.checked = box.checked; });
      last = place;
      show();
    }));
    show();
  }

  function columns(root) {
    all(root, "[data-list]").forEach((list) => {
      const key = `columns:${list.dataset.list}`;
      let hidden = [];
      try { hidden = JSON.parse(memory.get(key) || "[]"); } catch (spoilt) { hidden = []; }
      const set = (name, shown) => all(list, `[data-col="${CSS.escape(name)}"]`).forEach((cell) => { cell.hidden = !shown; });
      all(list, "[data-column]").forEach((box) => {
        box.checked = !hidden.includes(box.dataset.column);
        set(box.dataset.column, box.checked);
        box.addEventListener("change", () => {
          set(box.dataset.column, box.checked);
          memory.set(key, JSON.stringify(all(list, "[data-column]").filter((one) => !one.checked).map((one) => one.dataset.column)));
        });
      });
      density(list);
    });
  }

  function density(list) {
    const steps = ["", "dense", "airy"];
    const button = list.querySelector("[data-density]");
    const set = (step) => { list.classList.remove("dense", "airy"); if (step) list.classList.add(step); memory.set("density", step); };
    set(memory.get("density") || "");
    if (button) button.addEventListener("click", () => set(steps[(steps.indexOf(memory.get("density") || "") + 1) % steps.length]));
  }

  each(filters);
  each(bulk);
  each(columns);
})();
