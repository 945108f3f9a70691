// Child rows (子表): a table drawn from a hidden field, filled by hand or pasted as a block from Excel or WPS.
"use strict";
(() => {
  const { all, each, dress } = window.desk;

  const make = (tag, words = {}, ...inside) => { const made = Object.assign(document.createElement(tag), words); made.append(...inside); return made; };

  function grid(box) {
    const shape = JSON.parse(box.dataset.grid), words = JSON.parse(box.dataset.words);
    const field = box.querySelector("input[type=hidden]"), lines = JSON.parse(field.value || "[]");
    const fresh = () => ({ id: 0, version: 0, cells: {}, was: {}, gone: false, errors: {} });
    const keep = () => {
      field.value = JSON.stringify(lines.map((line) => Object.assign({}, line, { errors: {} })));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const body = make("tbody");
    const note = make("p", { className: "field-error", hidden: true });
    note.setAttribute("role", "alert");

    function control(line, column, number, id) {
      const label = `${column.label} ${words.row} ${number}`, value = line.cells[column.name] || "";
      const made = make(column.options ? "select" : "input", { className: column.options ? "form-select form-select-sm" : "form-control form-control-sm", id });
      if (column.options) column.options.forEach(([key, text]) => made.append(make("option", { value: key, textContent: text, selected: key === value })));
      else { made.type = "text"; made.value = value; made.autocomplete = "off"; }
      if (/^(count|money|decimal)$/.test(column.kind)) made.inputMode = "decimal";
      if (column.kind === "phone") made.inputMode = "tel";
      made.setAttribute("aria-label", label);
      made.disabled = line.gone;
      made.addEventListener("input", () => { line.cells[column.name] = made.value; keep(); });
      return made;
    }

    function cell(line, column, number) {
      const id = `${field.name}-${number}-${column.name}`, inner = control(line, column, number, id), made = make("td", {}, inner);
      made.dataset.label = column.label;
      const wrong = line.errors[column.name];
      if (wrong) {
        made.append(make("p", { className: "field-error", id: `${id}-error`, textContent: wrong }));
        inner.classList.add("is-invalid");
        inner.setAttribute("aria-invalid", "true");
        inner.setAttribute("aria-describedby", `${id}-error`);
      }
      return made;
    }

    function row(line, number) {
      const button = make("button", { type: "button", className: "btn btn-light btn-sm", textContent: line.gone ? "↶" : "×" });
      button.setAttribute("aria-label", (line.gone ? words.back : words.remove).replace("{n}", number));
      button.addEventListener("click", () => { if (line.id) line.gone = !line.gone; else lines.splice(lines.indexOf(line), 1); draw(); keep(); });
      const last = make("td", { className: "grid-acts" });
      if (!line.id || shape.remove) last.append(button);
      if (line.errors[""]) last.append(make("p", { className: "field-error", textContent: line.errors[""] }));
      return make("tr", { className: line.gone ? "gone" : "" }, ...shape.columns.map((column) => cell(line, column, number)), last);
    }

    function draw() { body.replaceChildren(...lines.map((line, place) => row(line, place + 1))); }

    function add(count) {
      const room = Math.max(0, Math.min(count, shape.most - lines.length));
      for (let number = 0; number < room; number += 1) lines.push(fresh());
      note.hidden = room === count;
      note.textContent = words.full;
    }

    // A word of a list is found by what it says; what is not found stays as it was written and is told by the server.
    function understood(column, text) {
      const option = (column.options || []).find(([key, label]) => label === text || key === text);
      if (column.kind === "flag") return /^(是|yes|y|true|1|√|✓|有)$/i.test(text) ? "y" : "";
      if (column.options && !option && text) column.options.push([text, text]);
      return option ? option[0] : text;
    }

    function paste(event) {
      const text = (event.clipboardData || window.clipboardData).getData("text/plain");
      const at = event.target.closest("td");
      if (!at || !/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
      const top = Array.from(body.rows).indexOf(at.parentElement), left = at.cellIndex;
      add(Math.max(0, top + block.length - lines.length));
      block.forEach((cells, down) => cells.forEach((word, right) => {
        const column = shape.columns[left + right], line = lines[top + down];
        if (column && line && !line.gone) line.cells[column.name] = understood(column, word.trim());
      }));
      draw();
      keep();
    }

    const head = make("tr", {}, ...shape.columns.map((column) => make("th", { scope: "col", textContent: column.label + (column.must ? " *" : "") })), make("td"));
    const table = make("table", { className: "grid-table" }, make("thead", {}, head), body);
    table.setAttribute("aria-label", box.dataset.label);
    const scroll = make("div", { className: "grid-scroll", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", box.dataset.label);
    const button = make("button", { type: "button", className: "btn btn-light btn-sm", textContent: words.add });
    button.dataset.gridAdd = "";
    button.addEventListener("click", () => {
      add(1);
      draw();
      keep();
      const first = body.lastElementChild && body.lastElementChild.querySelector("input, select");
      if (first) first.focus();
    });
    body.addEventListener("paste", paste);
    draw();
    box.append(scroll, note, button);
  }

  // The rows of a part are read when somebody opens it, so that opening a form stays cheap.
  function opening(part) {
    part.addEventListener("toggle", () => {
      if (!part.open || part.dataset.asked) return;
      part.dataset.asked = "yes";
      fetch(part.dataset.partUrl, { credentials: "same-origin" })
        .then((answer) => { if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); return answer.text(); })
        .then((html) => {
          const found = new DOMParser().parseFromString(html, "text/html").querySelector(`[data-part="${part.dataset.part}"]`);
          part.replaceWith(found);
          dress(found.parentElement);
        })
        .catch(() => { delete part.dataset.asked; part.open = false; });
    });
  }

  const once = (root, selector, maker) => all(root, selector).forEach((node) => {
    if (!node.dataset.drawn) { node.dataset.drawn = "yes"; maker(node); }
  });
  const start = (root) => { once(root, "[data-grid]", grid); once(root, "[data-part-url]", opening); };
  each(start);
  if (document.readyState === "complete") start(document);
})();
