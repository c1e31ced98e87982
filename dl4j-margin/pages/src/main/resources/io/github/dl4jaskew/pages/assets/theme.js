import {button} from "ui/dom.js";

const KEY = "dl4j-theme";
const listeners = new Set();
const system = matchMedia("(prefers-color-scheme: dark)");

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A file without storage of its own: the choice holds until the page is left.
  }
}

function apply(theme) {
  document.documentElement.dataset.theme = theme;
  listeners.forEach(listener => listener());
}

function isDark() {
  return document.documentElement.dataset.theme === "dark";
}

export function startTheme() {
  apply(stored() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", () => stored() ?? apply(system.matches ? "dark" : "light"));
}

export function themeButton() {
  const label = () => isDark() ? "Light" : "Dark";
  const node = button(label(), () => {
    const theme = isDark() ? "light" : "dark";
    store(theme);
    apply(theme);
  }, {title: "Switch between light and dark"});
  onThemeChange(() => node.textContent = label());
  return node;
}

export function onThemeChange(listener) {
  listeners.add(listener);
}

/** The colours of the theme, for canvases. */
export function colors() {
  const style = getComputedStyle(document.documentElement);
  const get = name => style.getPropertyValue("--" + name).trim();
  return {
    text: get("text"), muted: get("muted"), line: get("line"), surface: get("surface"), accent: get("accent"),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map(i => get("series-" + i)),
  };
}
