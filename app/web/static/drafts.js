// Drafts (草稿): what is typed goes to the server three seconds after the last key, and waits in this tab while the line is broken.
"use strict";
(() => {
  const { all, each } = window.desk;
  const QUIET_FOR = 3000, AGAIN_AFTER = 10000;
  const LEFT_OUT = ["csrf_token", "form_key"];

  const kept = {
    key: (form) => `draft:${form.dataset.draftOwner}:${form.dataset.draft}`,
    get(form) { try { return sessionStorage.getItem(this.key(form)); } catch (blocked) { return null; } },
    set(form, text) { try { sessionStorage.setItem(this.key(form), text); } catch (blocked) { /* Only the server keeps it then. */ } },
    drop(form) { try { sessionStorage.removeItem(this.key(form)); } catch (blocked) { /* Nothing was kept. */ } },
  };

  // Personal data never leaves the form before it is saved, and is not kept in the browser either.
  function typed(form) {
    const without = LEFT_OUT.concat(form.dataset.draftLeaves.split(" "));
    const pairs = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (typeof value === "string" && !without.includes(name)) pairs.append(name, value); });
    return pairs.toString();
  }

  function send(form, text) {
    const body = new URLSearchParams(text);
    body.append("csrf_token", form.elements.csrf_token.value);
    return fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin", headers: { "X-Background": "1", Accept: "application/json" } })
      .then((answer) => { if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); return answer.json(); });
  }

  function watch(form) {
    const state = form.querySelector("[data-draft-state]");
    const say = (words) => { if (state && state.textContent !== words) state.textContent = words; };
    let last = typed(form), timer = 0;

    function save() {
      const text = typed(form);
      if (!form.isConnected || text === last || form.dataset.sending) return;
      kept.set(form, text);
      send(form, text)
        .then((answer) => {
          last = text;
          if (kept.get(form) === text) kept.drop(form);
          say(state.dataset.saved.replace("{t}", answer.at));
        })
        .catch((error) => {
          say(/^(401|403)$/.test(error.message) ? state.dataset.out : state.dataset.offline);
          timer = setTimeout(save, AGAIN_AFTER);
        });
    }
    const later = () => { clearTimeout(timer); timer = setTimeout(save, QUIET_FOR); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("desk:sent", () => { clearTimeout(timer); kept.drop(form); });
    window.addEventListener("online", save);
    if (form.dataset.changed) { last = ""; later(); }
    waiting(form);
  }

  // What the line kept back last time is brought to the server now and offered like any draft.
  function waiting(form) {
    const text = kept.get(form), banner = form.parentElement.querySelector("[data-draft-found]");
    if (!text || !banner || text === typed(form)) { if (text) kept.drop(form); return; }
    send(form, text).then((answer) => {
      kept.drop(form);
      banner.querySelector("[data-draft-at]").textContent = answer.at;
      banner.hidden = false;
    }).catch(() => { /* It stays in this tab and is tried when the form is opened next. */ });
  }

  function dropping(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Background": "1" } })
        .then((answer) => { if (answer.ok) { form.closest("[data-draft-found]").hidden = true; } });
    });
  }

  const once = (root, selector, make) => all(root, selector).forEach((form) => {
    if (!form.dataset.watched) { form.dataset.watched = "yes"; make(form); }
  });
  const make = (root) => { once(root, "form[data-draft]", watch); once(root, "[data-draft-drop]", dropping); };
  each(make);
  // In a drawer this file comes after the form.
  if (document.readyState === "complete") make(document);
})();
