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

  function fill(html, address) {
    const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-drawer-part]");
    if (!part) { location.href = address; return; }
    body.replaceChildren(part);
    drawer.querySelector("#drawer-title").textContent = part.querySelector("h1").textContent;
    dress(body);
    const first = body.querySelector(".is-invalid") || body.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  function open(address) {
    fetch(address, { credentials: "same-origin" })
      .then((answer) => { if (!answer.ok || answer.redirected) throw new Error(answer.status); return answer.text(); })
      .then((html) => { fill(html, address); canvas.show(); })
      .catch(() => { location.href = address; });
  }

  // A page that answers with a redirect has saved; any other answer is the same form with its errors.
  function send(form, button) {
    if (button) { button.disabled = true; button.classList.add("busy"); }
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then((answer) => {
        if (!answer.redirected) return answer.text().then((html) => fill(html, form.action));
        return answer.text().then((html) => { keepToasts(html); location.reload(); });
      })
      .catch(() => { if (button) { button.disabled = false; button.classList.remove("busy"); } window.alert(words.failed); });
  }

  // The page behind the redirect has already used up the message, so it is carried over to the next one.
  function keepToasts(html) {
    const toasts = all(new DOMParser().parseFromString(html, "text/html"), ".toast").map((toast) => toast.outerHTML);
    try { sessionStorage.setItem("toasts", JSON.stringify(toasts)); } catch (blocked) { /* The message is not shown then. */ }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) { event.preventDefault(); open(link.href); }
    if (event.target.closest("#drawer [data-drawer-close]")) { event.preventDefault(); canvas.hide(); }
  });
  drawer.addEventListener("submit", (event) => { event.preventDefault(); send(event.target, event.submitter); });
  drawer.addEventListener("hide.bs.offcanvas", (event) => { if (window.desk.unsaved(drawer) && !window.confirm(words.unsaved)) event.preventDefault(); });
  drawer.addEventListener("hidden.bs.offcanvas", () => body.replaceChildren());
  each(remote);
})();
