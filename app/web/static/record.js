// The record page (记录页). Attachments (附件): files are sent one by one with their progress, dropped on the box, or taken with the camera. Without this file the form sends them all at once.
"use strict";
(() => {
  const { words, all, each } = window.desk;

  function line(form, file) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "file-name", textContent: file.name });
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, bar);
    form.querySelector("[data-going]").append(item);
    return { bar, done: () => item.remove(), say: (text) => { bar.remove(); item.classList.add("drop-bad"); name.setAttribute("role", "alert"); name.textContent = `${file.name}: ${text}`; } };
  }

  // The answer is the whole box anew; what was refused stands in it as an alert and is said beside the file instead.
  function answered(form, request, shown) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const box = page.querySelector("[data-files]");
    if (!box) { shown.say(request.status === 413 ? form.dataset.large : words.failed); return; }
    const alert = box.querySelector("[role=alert]");
    if (alert) { shown.say(alert.textContent.trim().replace(/^[^:]*: /, "")); alert.remove(); } else shown.done();
    const panel = form.parentElement;
    panel.querySelector("[data-files]").replaceWith(document.importNode(box, true));
    const count = document.querySelector("[data-bs-target='#files'] .count");
    if (count) count.textContent = String(all(panel, "[data-files] .file").length || Number(count.textContent) + (alert ? 0 : 1));
  }

  function send(form, file) {
    const shown = line(form, file);
    if (file.size > Number(form.dataset.most) * 1024 * 1024) { shown.say(form.dataset.large); return Promise.resolve(); }
    const data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    data.append("kind", form.querySelector("[name=kind]:checked").value);
    data.append("file", file);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) shown.bar.value = 100 * event.loaded / event.total; });
      request.addEventListener("load", () => { answered(form, request, shown); done(); });
      request.addEventListener("error", () => { shown.say(form.dataset.failed); done(); });
      request.send(data);
    });
  }

  function box(root) {
    all(root, "form[data-drop]").forEach((form) => {
      const zone = form.querySelector(".drop-zone");
      let turn = Promise.resolve();
      const take = (files) => { Array.from(files).forEach((file) => { turn = turn.then(() => send(form, file)); }); };
      all(form, "input[type=file]").forEach((input) => input.addEventListener("change", () => { take(input.files); input.value = ""; }));
      all(form, "[data-plain-only]").forEach((button) => { button.hidden = true; });
      form.addEventListener("submit", (event) => { event.preventDefault(); form.querySelector("#drop-file").click(); });
      form.classList.add("drop-live");
      if (window.matchMedia("(pointer: coarse)").matches) form.querySelector("[data-camera]").hidden = false;
      ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); }));
      ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("over")));
      zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
    });
  }

  // A link to another tab of the same page does not load it anew.
  window.addEventListener("hashchange", () => { const tab = document.getElementById(`tab-${location.hash.slice(1)}`); if (tab) bootstrap.Tab.getOrCreateInstance(tab).show(); });

  each(box);
})();
