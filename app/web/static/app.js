// The console's behaviour (控制台行为): menu, search, dialogs, guards. Every page also works without it, only less handily.
"use strict";
(() => {
  const words = JSON.parse((document.getElementById("words") || { textContent: "{}" }).textContent);
  const makers = [];
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));
  const memory = {
    get(key) { try { return localStorage.getItem(key); } catch (blocked) { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch (blocked) { /* Nothing is remembered then. */ } },
  };
  // Other files add what must also happen inside a drawer that is filled later.
  window.desk = { words, all, memory, each: (maker) => makers.push(maker), dress: (root) => makers.forEach((maker) => maker(root)) };

  function menu() {
    const button = document.querySelector("[data-menu]");
    if (!button) return;
    const page = document.documentElement;
    const phone = () => window.matchMedia("(max-width: 991px)").matches;
    const tell = () => button.setAttribute("aria-expanded", String(phone() ? page.classList.contains("menu-open") : !page.classList.contains("narrow")));
    const close = () => { page.classList.remove("menu-open"); tell(); };
    button.addEventListener("click", () => {
      if (phone()) page.classList.toggle("menu-open");
      else memory.set("menu", page.classList.toggle("narrow") ? "narrow" : "wide");
      tell();
      if (page.classList.contains("menu-open")) document.querySelector(".side-home").focus();
    });
    document.querySelector("[data-menu-close]").addEventListener("click", close);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && page.classList.contains("menu-open")) { close(); button.focus(); } });
    all(document, ".side-group summary").forEach((summary) => summary.addEventListener("click", (event) => {
      if (!page.classList.contains("narrow") || phone()) return;
      event.preventDefault();
      page.classList.remove("narrow");
      memory.set("menu", "wide");
      summary.parentElement.open = true;
      tell();
    }));
    const active = document.querySelector(".side-scroll .active");
    if (active) active.parentElement.parentElement.scrollIntoView({ block: "nearest" });
    tell();
  }

  // Titles may be names of people, so they live only as long as the browser tab and go at sign-out.
  function recent() {
    const bar = document.getElementById("recent");
    const forget = () => { try { sessionStorage.removeItem("recent"); sessionStorage.removeItem("bell"); } catch (blocked) { /* Nothing was kept. */ } };
    if (document.body.hasAttribute("data-forget")) forget();
    all(document, "[data-sign-out]").forEach((form) => form.addEventListener("submit", forget));
    if (!bar) return;
    let pages;
    try { pages = JSON.parse(sessionStorage.getItem("recent") || "[]"); } catch (blocked) { return; }
    const here = { url: location.pathname, label: document.title.split(" · ")[0] };
    // What answers a form has no address of its own to come back to.
    if (!("unlisted" in bar.dataset) && here.url !== bar.dataset.home && here.label && !pages.some((page) => page.url === here.url)) pages.push(here);
    pages = pages.slice(-8);
    const keep = () => sessionStorage.setItem("recent", JSON.stringify(pages));
    const draw = (page, fixed) => {
      const tab = document.createElement("span");
      const link = document.createElement("a");
      link.href = page.url;
      link.textContent = page.label;
      tab.append(link);
      if (page.url === here.url) { tab.className = "here"; link.setAttribute("aria-current", "page"); }
      if (!fixed) {
        const cross = document.createElement("button");
        cross.type = "button";
        cross.textContent = "×";
        cross.setAttribute("aria-label", `${bar.dataset.close} ${page.label}`);
        cross.addEventListener("click", () => { pages = pages.filter((one) => one.url !== page.url); keep(); tab.remove(); });
        tab.append(cross);
      }
      bar.append(tab);
    };
    keep();
    draw({ url: bar.dataset.home, label: bar.dataset.homeLabel }, true);
    pages.forEach((page) => draw(page, false));
    if (pages.length > 2) {
      const others = document.createElement("button");
      others.type = "button";
      others.className = "others";
      others.textContent = bar.dataset.others;
      others.addEventListener("click", () => {
        pages = pages.filter((one) => one.url === here.url);
        keep();
        all(bar, "span:not(.here)").slice(1).forEach((tab) => tab.remove());
        others.remove();
      });
      bar.append(others);
    }
    const present = bar.querySelector(".here");
    if (present) bar.scrollLeft = present.offsetLeft - bar.clientWidth / 2;
    bar.hidden = false;
  }

  function keys() {
    const search = document.getElementById("top-q");
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
      if (event.key === "/" && !typing && search) { event.preventDefault(); search.focus(); search.select(); }
      if (event.altKey && event.key.toLowerCase() === "s") {
        const save = document.querySelector(".offcanvas.show [data-save]") || document.querySelector("main [data-save]");
        if (save) { event.preventDefault(); save.click(); }
      }
    });
    const palette = document.getElementById("palette");
    if (!search || !palette) return;
    search.form.addEventListener("keydown", (event) => {
      const links = [search, ...all(palette, "a")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") { palette.textContent = ""; search.focus(); }
      if (step && links.length > 1) { event.preventDefault(); links[(links.indexOf(document.activeElement) + step + links.length) % links.length].focus(); }
    });
    document.addEventListener("click", (event) => { if (!search.form.contains(event.target)) palette.textContent = ""; });
    palette.addEventListener("htmx:afterSwap", () => nearby(search.value.trim().toLowerCase(), palette));
  }

  // Pages of the menu and pages opened lately are found here, without asking the server.
  function nearby(asked, palette) {
    const hits = palette.querySelector("#hits") || palette;
    const groups = [[words.lately, all(document, "#recent a")], [words.pages, all(document, ".side-scroll a")]];
    groups.forEach(([label, links]) => {
      const found = asked ? links.filter((link) => link.textContent.toLowerCase().includes(asked)).slice(0, 5) : [];
      if (!found.length) return;
      const nothing = hits.querySelector(".empty");
      if (nothing) nothing.remove();
      const head = document.createElement("h2");
      const list = document.createElement("ul");
      head.textContent = label;
      found.forEach((link) => {
        const copy = document.createElement("a");
        copy.href = link.href;
        copy.textContent = link.textContent.trim();
        list.append(document.createElement("li"));
        list.lastChild.append(copy);
      });
      hits.append(head, list);
    });
  }

  // A form with data-confirm is sent only after the question has been answered.
  function confirmations() {
    const dialog = document.getElementById("confirm");
    if (!dialog) return;
    const modal = bootstrap.Modal.getOrCreateInstance(dialog);
    let waiting = null;
    document.addEventListener("submit", (event) => {
      const form = event.target;
      const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
      if (!question || form.dataset.answered) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { form, button: event.submitter };
      dialog.querySelector("[data-confirm-text]").textContent = question;
      modal.show();
    }, true);
    dialog.addEventListener("shown.bs.modal", () => dialog.querySelector("[data-bs-dismiss]").focus());
    dialog.querySelector("[data-confirm-yes]").addEventListener("click", () => {
      modal.hide();
      waiting.form.dataset.answered = "yes";
      waiting.form.requestSubmit(waiting.button && waiting.button.form === waiting.form ? waiting.button : undefined);
      delete waiting.form.dataset.answered;
    });
  }

  // Open work is fetched after the page, at most once a minute; it may name people, so it goes at sign-out with the rest.
  function bell() {
    const box = document.querySelector("[data-bell]");
    if (!box) return;
    const count = box.querySelector("[data-bell-count]");
    const list = box.querySelector("[data-bell-list]");
    const button = box.querySelector("button");
    const name = button.getAttribute("aria-label");
    const show = (told) => {
      count.textContent = told.count > 99 ? "99+" : String(told.count);
      count.hidden = !told.count;
      button.setAttribute("aria-label", told.count ? `${name} ${count.textContent}` : name);
      list.replaceChildren(...new DOMParser().parseFromString(told.html, "text/html").body.childNodes);
    };
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem("bell") || "null"); } catch (blocked) { /* It is asked for again. */ }
    if (kept && kept.tongue === document.documentElement.lang) show(kept);
    if (kept && kept.tongue === document.documentElement.lang && Date.now() - kept.at < 60000) return;
    fetch(box.dataset.bell, { headers: { "X-Background": "1" } }).then((answer) => (answer.ok ? answer.json() : null)).then((told) => {
      if (!told) return;
      show(told);
      try { sessionStorage.setItem("bell", JSON.stringify({ ...told, at: Date.now(), tongue: document.documentElement.lang })); } catch (blocked) { /* Not kept. */ }
    }).catch(() => { /* The line is down; the next page asks again. */ });
  }

  // A second press on a button that is already sending would save the record twice.
  function guards() {
    const changed = new Set();
    document.addEventListener("input", (event) => { const form = event.target.closest("form[data-guard]"); if (form) changed.add(form); });
    document.addEventListener("change", (event) => { const form = event.target.closest("form[data-guard]"); if (form) changed.add(form); });
    window.desk.unsaved = (root) => Array.from(changed).some((form) => form.isConnected && root.contains(form));
    window.addEventListener("beforeunload", (event) => { if (window.desk.unsaved(document)) { event.preventDefault(); event.returnValue = words.unsaved; } });
    document.addEventListener("submit", (event) => {
      changed.delete(event.target);
      if (event.target.method !== "post" || event.defaultPrevented) return;
      const buttons = all(event.target, "button[type=submit]");
      setTimeout(() => buttons.forEach((button) => { button.disabled = true; button.classList.add("busy"); }), 0);
      setTimeout(() => wake(buttons), 6000);
    });
    window.addEventListener("pageshow", () => wake(all(document, ".busy")));
  }

  function wake(buttons) {
    buttons.forEach((button) => { button.disabled = false; button.classList.remove("busy"); });
  }

  // A drawer that saved leaves its message here, made by the server and read back by the next page.
  function carried() {
    const box = document.getElementById("toasts");
    try {
      const kept = JSON.parse(sessionStorage.getItem("toasts") || "[]");
      sessionStorage.removeItem("toasts");
      kept.forEach((html) => box.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes));
    } catch (blocked) { /* Nothing was carried over. */ }
  }

  function smallThings() {
    carried();
    all(document, ".toast").forEach((toast) => bootstrap.Toast.getOrCreateInstance(toast, { autohide: toast.dataset.stays !== "yes", delay: 5000 }).show());
    document.addEventListener("click", (event) => {
      const on = (selector) => event.target.closest(selector);
      if (on("[data-print]")) window.print();
      if (on("[data-back]")) history.back();
      if (on("[data-fullscreen]")) { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen(); }
      const eye = on("[data-show-password]");
      if (eye) {
        const input = document.getElementById(eye.dataset.showPassword);
        input.type = input.type === "password" ? "text" : "password";
        eye.setAttribute("aria-pressed", String(input.type === "text"));
      }
    });
    document.addEventListener("show.bs.modal", (event) => {
      const fill = event.target.querySelector("[data-fill]");
      if (fill && event.relatedTarget) fill.value = event.relatedTarget.dataset.field || "";
    });
    document.addEventListener("shown.bs.modal", (event) => { const text = event.target.querySelector("textarea, select"); if (text) text.focus(); });
    document.addEventListener("shown.bs.tab", (event) => history.replaceState(null, "", event.target.dataset.bsTarget));
    const tab = location.hash && document.querySelector(`[data-bs-toggle=tab][data-bs-target="${CSS.escape(location.hash).replace("\\#", "#")}"]`);
    if (tab) bootstrap.Tab.getOrCreateInstance(tab).show();
    const wrong = document.querySelector("main .is-invalid");
    if (wrong) wrong.focus();
  }

  menu();
  recent();
  keys();
  confirmations();
  guards();
  bell();
  smallThings();
  document.addEventListener("DOMContentLoaded", () => window.desk.dress(document));
})();
