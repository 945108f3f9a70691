// Says that scripts run, and narrows the menu before the page is painted, so that it does not jump on every page.
document.documentElement.classList.add("live");
try {
  if (localStorage.getItem("menu") === "narrow") document.documentElement.classList.add("narrow");
} catch (blocked) { /* A browser that keeps nothing simply shows the wide menu. */ }
