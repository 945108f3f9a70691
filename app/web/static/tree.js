// The tree of divisions beside a list (区划树): branches are fetched when they are opened; keys as in any tree (WAI-ARIA).
"use strict";
(() => {
  const { all, each } = window.desk;

  async function fetched(url) {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    return answer.ok && !answer.redirected ? answer.text() : null;
  }

  function tree(root) {
    all(root, "[data-tree-box]").forEach((box) => {
      const list = box.querySelector("[data-tree]");
      const find = box.querySelector("[data-tree-find]");
      const whole = list.innerHTML;
      let asked = 0;
      let timer = 0;
      const seen = () => all(list, "[role=treeitem]").filter((item) => item.offsetParent !== null);
      const go = (item) => {
        if (!item) return;
        all(list, "[role=treeitem]").forEach((other) => { other.tabIndex = other === item ? 0 : -1; });
        item.focus();
      };
      const above = (item) => { const group = item.closest("[role=group]"); return group ? group.parentElement.querySelector("[role=treeitem]") : null; };

      async function turn(item, open) {
        if (!item.dataset.branch) return;
        let group = item.parentElement.querySelector("[role=group]");
        if (open && !group) {
          item.setAttribute("aria-busy", "true");
          const html = await fetched(item.dataset.branch);
          item.removeAttribute("aria-busy");
          if (html === null || item.parentElement.querySelector("[role=group]")) return;
          group = document.createElement("ul");
          group.setAttribute("role", "group");
          group.innerHTML = html;
          item.parentElement.append(group);
        }
        if (group) group.hidden = !open;
        item.setAttribute("aria-expanded", String(open));
      }

      const keys = {
        ArrowDown: (item, items) => go(items[items.indexOf(item) + 1]),
        ArrowUp: (item, items) => go(items[items.indexOf(item) - 1]),
        Home: (item, items) => go(items[0]),
        End: (item, items) => go(items[items.length - 1]),
        ArrowRight: (item, items) => { if (item.getAttribute("aria-expanded") === "false") turn(item, true); else if (item.dataset.branch) go(items[items.indexOf(item) + 1]); },
        ArrowLeft: (item) => { if (item.getAttribute("aria-expanded") === "true") turn(item, false); else go(above(item)); },
        " ": (item) => item.click(),
      };

      list.addEventListener("click", (event) => {
        const item = event.target.closest("[role=treeitem]");
        if (!item || !event.target.closest("[data-turn]")) return;
        event.preventDefault();
        event.stopPropagation();
        turn(item, item.getAttribute("aria-expanded") !== "true");
      }, true);
      list.addEventListener("keydown", (event) => {
        const item = event.target.closest("[role=treeitem]");
        if (!item || !keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        keys[event.key](item, seen());
      });

      const show = async () => {
        const mine = asked += 1;
        const words = find.value.trim();
        const address = find.dataset.treeFind;
        const html = words ? await fetched(address + (address.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(words)) : whole;
        if (html === null || mine !== asked) return;
        list.innerHTML = html;
        const first = list.querySelector("[role=treeitem]");
        if (first) first.tabIndex = 0;
      };
      find.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 200); });
      find.addEventListener("keydown", (event) => { if (event.key === "ArrowDown") { event.preventDefault(); go(seen()[0]); } });
      const chosen = list.querySelector("[aria-current]");
      if (chosen) { all(list, "[role=treeitem]").forEach((item) => { item.tabIndex = item === chosen ? 0 : -1; }); }
    });
  }

  // On a phone a division is chosen from a field, which asks at once.
  each((root) => all(root, ".tree-pick select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit())));
  each(tree);
})();
