/* Draws the figures that a page carries as JSON; a click on a figure opens the rows behind it. */
"use strict";
(() => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const light = { text: "#4b586b", line: "#e4e9f0", tones: ["#1558c4", "#1b9a6c"], bar: "#3f7fe0", back: "#eef2f8", fill: "rgba(21, 88, 196, .12)" };
  const dark = { text: "#b9c8e2", line: "#1c3157", tones: ["#4a9af5", "#5fe0a8"], bar: "#3f7fe0", back: "#14284b", fill: "rgba(74, 154, 245, .15)" };
  const drawn = new Map();

  const base = (ink) => ({ animation: !still, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink.text },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true } });

  const line = (data, ink) => ({ ...base(ink), color: ink.tones,
    legend: { right: 0, top: 0, textStyle: { color: ink.text }, icon: "roundRect", itemHeight: 5 },
    grid: { left: 6, right: 16, top: 38, bottom: 4, containLabel: true },
    xAxis: { type: "category", boundaryGap: false, data: data.labels, axisLabel: { color: ink.text, hideOverlap: true }, axisLine: { lineStyle: { color: ink.line } }, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink.text }, splitLine: { lineStyle: { color: ink.line } } },
    series: data.series.map((each, place) => ({ type: "line", name: each.name, data: each.values, smooth: 0.3, smoothMonotone: "x", symbol: place ? "rect" : "emptyCircle", symbolSize: 7,
      cursor: "pointer", triggerLineEvent: false, areaStyle: place ? undefined : { color: ink.fill } })) });

  const bars = (data, ink) => ({ ...base(ink), color: [ink.bar],
    grid: { left: 6, right: 46, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false, max: data.of || "dataMax" },
    yAxis: { type: "category", inverse: true, data: data.labels, axisLabel: { color: ink.text, width: 118, overflow: "truncate" }, axisLine: { show: false }, axisTick: { show: false } },
    series: data.series.map((each) => ({ type: "bar", name: each.name, data: each.values, barMaxWidth: 14, showBackground: true, cursor: "pointer",
      backgroundStyle: { color: ink.back, borderRadius: 7 }, itemStyle: { borderRadius: 7 },
      label: { show: true, position: data.of ? "insideLeft" : "right", distance: data.of ? 8 : 6, color: data.of ? "#fff" : ink.text, fontWeight: 700, formatter: (point) => point.value + (data.of ? "/" + data.of : "") } })) });

  const draw = (place, data) => {
    const known = drawn.get(place) || echarts.init(place);
    if (!drawn.has(place)) known.on("click", (point) => { const to = known.figures.series[point.seriesIndex].urls[point.dataIndex]; if (to) location.assign(to); });
    drawn.set(place, known);
    known.figures = data;
    known.setOption((data.kind === "line" ? line : bars)(data, place.closest("[data-dark]") ? dark : light), true);
    place.dataset.drawn = "1";
  };

  document.querySelectorAll("[data-chart]").forEach((place) => draw(place, JSON.parse(document.getElementById("data-" + place.dataset.chart).textContent)));
  document.querySelectorAll("a[target=paper]").forEach((link) => link.addEventListener("click", () => { document.getElementById("paper").hidden = false; }));
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  window.drawChart = draw;
})();
