// Forms (表单): a form page opens in a drawer over the list, and linked records are found by typing.
"use strict";
(() => {
  const { words, all, each, dress } = window.desk;

  function remote(root) {
    all(root, "select[data-remote]").forEach((select) => {
      if (select.tomselect) return;
      const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const choice = new TomSelect(select, {
        valueField: "id", labelField: "text", searchField: [], maxOptions: 50, loadThrottle: 250, preload: "focus",
        placeholder: select.dataset.placeholder || "", allowEmptyOption: false,
        plugins: select.multiple ? { remove_button: { title: words.clear } } : ["dropdown_input"],
        shouldLoad: () => true,
        load(query, done) {
          const address = new URL(select.dataset.remote, location.href);
          address.searchParams.set("q", query);
          fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } })
            .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
            .then((data) => { this.clearOptions((option) => this.items.includes(String(option.id))); done(data.results); })
            .catch(() => { done(); });
        },
        render: { no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: words.nothing }) },
      });
      const name = label ? label.textContent.replace("*", "").trim() : "";
      [select, choice.control_input, ...all(choice.wrapper, ".items-placeholder")].forEach((part) => { if (name) part.setAttribute("aria-label", name); });
      if (!select.multiple && !select.required) emptying(choice);
    });
  }

  // Backspace or Delete on a closed single choice takes it back, as in a plain text field.
  function emptying(choice) {
    choice.control.addEventListener("keydown", (event) => { if (event.key === "Delete" || event.key === "Backspace") choice.clear(); });
  }

  const drawer = document.getElementById("drawer");
  if (!drawer) { each(remote); return; }
  const body = drawer.querySelector("[data-drawer-body]");
  const canvas = bootstrap.Offcanvas.getOrCreateInstance(drawer);
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  // What a form needs besides comes with it, so that lists do not load it.
  function scripts(part) {
    (part.dataset.script || "").split(" ").filter((source) => source && !document.querySelector(`script[src="${source}"]`)).forEach((source) => {
      document.head.append(Object.assign(document.createElement("script"), { src: source }));
    });
  }

  function focusFirst(part) {
    const first = part.querySelector(".is-invalid") || part.querySelector("form[data-guard] input:not([type=hidden]), form[data-guard] select, form[data-guard] textarea")
      || part.querySelector("input:not([type=hidden]), select, textarea");
    if (first) (first.tomselect ? first.tomselect.control : first).focus();
  }

  function fill(html, address) {
    const part = parsed(html).querySelector("[data-drawer-part]");
    if (!part) { location.href = address; return; }
    body.replaceChildren(part);
    drawer.querySelector("#drawer-title").textContent = part.querySelector("h1").textContent;
    dress(body);
    scripts(part);
    focusFirst(part);
  }

  function open(address) {
    fetch(address, { credentials: "same-origin" })
      .then((answer) => { if (!answer.ok || answer.redirected) throw new Error(answer.status); return answer.text(); })
      .then((html) => { fill(html, address); canvas.show(); })
      .catch(() => { location.href = address; });
  }

  // The same form with its errors, or the merge view, takes the place of the form; it still holds what was typed.
  function again(form, html) {
    if (drawer.contains(form)) fill(html, form.action);
    else {
      const part = parsed(html).querySelector("[data-drawer-part]");
      form.closest("[data-drawer-part]").replaceWith(part);
      dress(part);
      scripts(part);
      focusFirst(part);
    }
    const next = document.querySelector("#drawer form[data-guard]") || document.querySelector("main form[data-guard]");
    if (next) next.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A page that answers with a redirect has saved; whatever else comes, the form stays with what was typed.
  function send(form, button) {
    const state = form.querySelector("[data-draft-state]");
    const stay = (text) => {
      delete form.dataset.sending;
      if (button) { button.disabled = false; button.classList.remove("busy"); }
      if (state) { state.textContent = text; state.classList.add("is-bad"); } else window.alert(text);
      form.dispatchEvent(new Event("input", { bubbles: true }));
    };
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    if (button) { button.disabled = true; button.classList.add("busy"); }
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then((answer) => answer.text().then((html) => {
        const page = parsed(html);
        if (answer.redirected && page.body.hasAttribute("data-forget")) { stay(state ? state.dataset.out : words.failed); return; }
        if (answer.redirected) {
          form.dispatchEvent(new CustomEvent("desk:sent"));
          keepToasts(page);
          if (drawer.contains(form)) location.reload(); else location.href = answer.url;
        } else if (page.querySelector("[data-drawer-part]")) again(form, html);
        else if (answer.ok) location.href = form.action;
        else stay((page.querySelector("h1") || { textContent: words.failed }).textContent);
      }))
      .catch(() => stay(state ? state.dataset.failed : words.failed));
  }

  // The page behind the redirect has already used up the message, so it is carried over to the next one.
  function keepToasts(page) {
    const toasts = all(page, ".toast").map((toast) => toast.outerHTML);
    try { sessionStorage.setItem("toasts", JSON.stringify(toasts)); } catch (blocked) { /* The message is not shown then. */ }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer], #drawer a[data-drawer-again]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) { event.preventDefault(); open(link.href); }
    if (event.target.closest("#drawer [data-drawer-close]")) { event.preventDefault(); canvas.hide(); }
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !(drawer.contains(event.target) || event.target.matches("[data-send]"))) return;
    event.preventDefault();
    send(event.target, event.submitter || event.target.querySelector("[data-save]"));
  });
  drawer.addEventListener("hide.bs.offcanvas", (event) => { if (window.desk.unsaved(drawer) && !window.confirm(words.unsaved)) event.preventDefault(); });
  drawer.addEventListener("hidden.bs.offcanvas", () => body.replaceChildren());
  each(remote);
})();
