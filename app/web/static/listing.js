// Lists (列表): the query form and its conditions, columns and row height, ticked rows, and keys.
"use strict";
(() => {
  const { words, all, memory, each } = window.desk;
  const make = (tag, given = {}, ...inside) => { const made = Object.assign(document.createElement(tag), given); made.append(...inside); return made; };

  function filters(root) {
    all(root, "[data-filters]").forEach((form) => {
      const more = form.querySelector("[data-more]");
      const set = (open) => {
        form.classList.toggle("open", open);
        if (more) { more.setAttribute("aria-expanded", String(open)); more.querySelector("span").textContent = open ? words.less : words.more; }
      };
      // A phone has little room: it starts shut, whatever the desk remembers.
      const key = window.matchMedia("(max-width: 767px)").matches ? "filters-phone" : "filters";
      // The builder writes its word of the address before blank fields are left out.
      all(form, "[data-builder]").forEach((box) => builder(form, box));
      set(form.querySelector("[data-active='1']") !== null || memory.get(key) === "open");
      if (more) more.addEventListener("click", () => { set(!form.classList.contains("open")); memory.set(key, form.classList.contains("open") ? "open" : "shut"); });
      // Blank fields would only make the address long and hard to share; several values are one word of it.
      form.addEventListener("submit", () => {
        all(form, "select[multiple]").forEach((select) => {
          const values = Array.from(select.selectedOptions).map((option) => option.value).join(",");
          if (values) form.append(make("input", { type: "hidden", name: select.name, value: values, className: "joined" }));
          select.disabled = true;
        });
        all(form, "input, select").forEach((field) => { if (!field.value) field.disabled = true; });
      });
      window.addEventListener("pageshow", () => { all(form, ".joined").forEach((field) => field.remove()); all(form, ":disabled").forEach((field) => { field.disabled = false; }); });
      all(form, "select[data-several]").forEach((select) => {
        if (select.tomselect) return;
        const choice = new TomSelect(select, { plugins: { remove_button: { title: words.clear } }, placeholder: select.dataset.placeholder || "" });
        const label = form.querySelector(`label[for="${CSS.escape(select.id)}-ts-control"], label[for="${CSS.escape(select.id)}"]`);
        if (label) [select, choice.control_input].forEach((part) => part.setAttribute("aria-label", label.textContent.trim()));
      });
    });
  }

  // Conditions in groups: ["and", ["or", ["column", "operator", "value"], …], …] in one word of the address.
  function builder(form, box) {
    const known = JSON.parse(box.querySelector("[data-builder-words]").textContent);
    const said = known.words;
    const field = box.querySelector("[data-where]");
    const home = box.querySelector("[data-groups]");
    const adder = box.querySelector("[data-add-group]");
    const first = (known.columns.find((one) => one.type === "text" && !one.remote && !one.choices.length) || known.columns[0]).name;
    const select = (label, options, value) => {
      const made = make("select", { className: "form-select form-select-sm" });
      made.setAttribute("aria-label", label);
      options.forEach(([key, text]) => made.append(new Option(text, key, false, key === value)));
      return made;
    };
    const joints = [["and", said.and], ["or", said.or]];
    const outer = select(said.between, joints, known.asked[0]);
    const between = make("label", { className: "conditions-joint" }, said.between, " ", outer);
    home.before(between);
    const tell = () => {
      between.hidden = home.children.length < 2;
      adder.hidden = home.children.length >= known.groups;
      Array.from(home.children).forEach((group) => { group.querySelector("[data-add]").hidden = all(group, "[data-condition]").length >= known.conditions; });
    };
    const values = (column, operator, given) => {
      if (["empty", "filled"].includes(operator)) return [];
      if (column.remote) {
        const made = make("select", { multiple: true, className: "form-select" });
        made.dataset.remote = column.remote;
        given.forEach((value) => made.append(new Option(known.names[value] || value, value, true, true)));
        made.setAttribute("aria-label", said.value);
        return [made];
      }
      if (column.choices.length) {
        const made = select(said.value, column.choices, given[0]);
        if (column.operators.length > 1) { made.multiple = true; Array.from(made.options).forEach((option) => { option.selected = given.includes(option.value); }); }
        return [made];
      }
      return Array.from({ length: operator === "between" ? 2 : 1 }, (none, place) => {
        const made = make("input", { type: column.type, className: "form-control form-control-sm", value: given[place] || "", maxLength: 200, step: "any" });
        made.setAttribute("aria-label", place ? said.until : said.value);
        return made;
      });
    };
    const condition = (group, [name, operator, ...given]) => {
      const column = select(said.column, known.columns.map((one) => [one.name, one.label]), name);
      const middle = make("span", { className: "condition-operator" });
      const last = make("span", { className: "condition-values" });
      const drop = make("button", { type: "button", className: "tool", textContent: "×" });
      drop.setAttribute("aria-label", said.drop);
      const line = make("div", { className: "condition" }, column, middle, last, drop);
      line.dataset.condition = "";
      const fill = (kept) => {
        const now = middle.firstChild.value;
        last.replaceChildren(...values(known.columns.find((one) => one.name === column.value), now, kept));
        window.desk.dress(last);
        all(last, "select[multiple]:not([data-remote])").forEach((several) => { if (!several.tomselect) new TomSelect(several, { plugins: { remove_button: { title: words.clear } } }).control_input.setAttribute("aria-label", said.value); });
        all(last, "select[data-remote]").forEach((several) => several.tomselect && several.tomselect.control_input.setAttribute("aria-label", said.value));
      };
      const turn = (wanted, kept) => {
        const operators = select(said.operator, known.columns.find((one) => one.name === column.value).operators, wanted);
        operators.addEventListener("change", () => fill([]));
        middle.replaceChildren(operators);
        fill(kept);
      };
      column.addEventListener("change", () => turn("", []));
      drop.addEventListener("click", () => { line.remove(); if (!group.querySelector("[data-condition]")) group.remove(); tell(); });
      group.querySelector(".condition-lines").append(line);
      turn(operator, given);
      tell();
      return column;
    };
    const add = (asked) => {
      const add_one = make("button", { type: "button", className: "btn btn-sm btn-link", textContent: said.add });
      add_one.dataset.add = "";
      const joint = select(said.joint, joints, asked[0]);
      const group = make("fieldset", { className: "condition-group" }, make("legend", { className: "visually-hidden", textContent: said.group }), make("label", {}, said.joint, " ", joint), make("div", { className: "condition-lines" }), add_one);
      home.append(group);
      add_one.addEventListener("click", () => condition(group, [first, ""]).focus());
      asked.slice(1).forEach((one) => condition(group, one));
      return group;
    };
    known.asked.slice(1).forEach(add);
    adder.addEventListener("click", () => { add(["and", [first, ""]]).querySelector("[data-condition] select").focus(); tell(); });
    form.addEventListener("submit", () => {
      const groups = Array.from(home.children).map((group) => [group.querySelector("label select").value, ...all(group, "[data-condition]").map((line) => {
        const given = all(line, ".condition-values select, .condition-values > input").flatMap((one) => (one.tagName === "SELECT" ? Array.from(one.selectedOptions).map((option) => option.value) : [one.value.trim()]));
        return [line.querySelector("select").value, line.querySelector(".condition-operator select").value, ...given.filter(Boolean)];
      }).filter((one) => one.length > 2 || ["empty", "filled"].includes(one[1]))]).filter((group) => group.length > 1);
      field.value = groups.length ? JSON.stringify([outer.value, ...groups]) : "";
    }, true);
    tell();
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
      // Only the steps that some ticked row can take are offered.
      const able = new Set(boxes.filter((box) => box.checked).flatMap((box) => box.dataset.steps.split(" ")));
      const steps = all(bar, "[data-step]");
      steps.forEach((button) => { button.hidden = !able.has(button.dataset.step); });
      const note = bar.querySelector(".bulk-note");
      if (note) note.hidden = !steps.some((button) => !button.hidden && button.dataset.note);
      all(bar, "[data-ask]").forEach((button) => { button.dataset.confirm = button.dataset.ask.replace("{n}", count); });
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
    all(root, "[data-layout]").forEach((form) => {
      const list = form.querySelector("ul");
      let held = null;
      all(list, "li").forEach((item) => {
        item.querySelector("[data-up]").addEventListener("click", (event) => { if (item.previousElementSibling) item.previousElementSibling.before(item); event.currentTarget.focus(); });
        item.querySelector("[data-down]").addEventListener("click", (event) => { if (item.nextElementSibling) item.nextElementSibling.after(item); event.currentTarget.focus(); });
        item.addEventListener("dragstart", (event) => { held = item; event.dataTransfer.effectAllowed = "move"; });
        item.addEventListener("dragover", (event) => {
          if (!held || held === item) return;
          event.preventDefault();
          const box = item.getBoundingClientRect();
          if (event.clientY > box.top + box.height / 2) item.after(held); else item.before(held);
        });
        item.addEventListener("dragend", () => { held = null; });
      });
      density(form);
    });
  }

  // The row height goes with the columns into the person's own layout, without loading the page.
  function density(form) {
    const steps = ["", "dense", "airy"];
    const list = form.closest("[data-list]");
    const button = list.querySelector("[data-density]");
    button.addEventListener("click", () => {
      const now = steps[(steps.indexOf(form.elements.density.value) + 1) % steps.length];
      form.elements.density.value = now;
      list.classList.remove("dense", "airy");
      if (now) list.classList.add(now);
      fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" }).catch(() => {});
    });
  }

  function jump(root) {
    all(root, "[data-jump]").forEach((form) => form.addEventListener("submit", (event) => {
      event.preventDefault();
      const address = new URL(form.dataset.jump, location.href);
      address.searchParams.set("page", form.elements.page.value || "1");
      location.assign(address);
    }));
  }

  function keys() {
    const rows = all(document, "main [data-row]");
    const help = document.getElementById("list-keys");
    if (!help) return;
    let place = -1;
    const go = (step) => {
      if (!rows.length) return;
      place = Math.max(0, Math.min(rows.length - 1, place + step));
      rows.forEach((row, number) => row.classList.toggle("at", number === place));
      (rows[place].querySelector(".row-link") || rows[place].querySelector("[data-open]")).focus();
    };
    document.addEventListener("focusin", (event) => { const row = event.target.closest("[data-row]"); if (row) place = rows.indexOf(row); });
    document.addEventListener("keydown", (event) => {
      const busy = event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox" || event.target.isContentEditable;
      if (busy || document.querySelector(".modal.show, .offcanvas.show") || event.target.closest(".dropdown-menu, .dropdown")) return;
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
      const box = event.key === "x" && place >= 0 && rows[place].querySelector("[data-one]");
      const add = event.key === "n" && document.querySelector("[data-new]");
      if (step && (event.key.length === 1 || place >= 0)) { event.preventDefault(); go(step); }
      if (box) box.click();
      if (add) { event.preventDefault(); add.click(); }
      if (event.key === "?") bootstrap.Modal.getOrCreateInstance(help).show();
    });
  }

  each(filters);
  each(bulk);
  each(columns);
  each(jump);
  each((root) => { if (root === document) keys(); });
})();
