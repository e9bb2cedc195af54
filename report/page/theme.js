// Light, dark, or as the system has it.
import { byId } from "./dom.js";

const THEMES = { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" };
const KEY = "wheelhouse-report-theme";

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // A page of a file may have no storage.
  }
}

function store(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice then holds until the page is closed.
  }
}

function show(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = THEMES[theme];
}

export function startTheme() {
  const names = Object.keys(THEMES);
  let theme = names.includes(stored()) ? stored() : "auto";
  show(theme);
  byId("theme").addEventListener("click", () => {
    theme = names[(names.indexOf(theme) + 1) % names.length];
    store(theme);
    show(theme);
  });
}
