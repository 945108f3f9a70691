/* Asks for the figures again every minute, and says so when the line is broken; the last figures stay. */
"use strict";
(() => {
  const moment = document.getElementById("moment"), words = document.body.dataset;
  let last = moment.textContent.replace(words.fresh, "").trim();
  const refresh = () => fetch(location.pathname, { headers: { "X-Background": "1" } }).then((answer) => {
    if (answer.redirected || answer.status === 401) { location.reload(); return null; }
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }).then((told) => {
    if (!told) return;
    last = told.moment;
    moment.textContent = words.fresh + " " + last;
    moment.classList.remove("broken");
    document.getElementById("strip").innerHTML = told.strip;
    document.getElementById("towns").innerHTML = told.tiles;
    document.querySelectorAll("[data-chart]").forEach((place) => { const data = told.charts[place.dataset.chart]; if (data) window.drawChart(place, data); });
  }).catch(() => { moment.textContent = words.broken + " " + last; moment.classList.add("broken"); });
  setInterval(refresh, 60000);
  window.addEventListener("online", refresh);
  window.addEventListener("offline", refresh);
})();
