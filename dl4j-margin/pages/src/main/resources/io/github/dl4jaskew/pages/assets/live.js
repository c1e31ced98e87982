import {button, h, isPressed, press} from "ui/dom.js";
import {Page} from "ui/page.js";
import {recording, server} from "ui/source.js";
import {startTheme, themeButton} from "ui/theme.js";

const EVERY = 2000;
const EVERY_AFTER_FAILURE = 10_000;

function expose(pages, refresh) {
  const charts = {};
  pages.forEach(page => page.charts.forEach(chart => charts[chart.definition.id] = chart));
  const runs = new Map();
  window.dl4j = {
    ready: false, charts, pages, refresh,
    get runs() {
      pages.forEach(page => page.runs.all.forEach((run, id) => runs.set(id, run)));
      return runs;
    },
  };
}

/** A page of DL4J's server, kept up to date while somebody looks. */
export function live(definition, root) {
  startTheme();
  const status = h("span", {class: "status", role: "status"}, "connecting");
  const say = text => status.textContent = text;
  const page = new Page(definition, server(root), say);
  const paused = button("Pause", () => {
    press(paused, !isPressed(paused));
    if (isPressed(paused)) say("paused");
    else tick();
  }, {title: "Stop or resume looking for new numbers", pressed: false});
  document.querySelector(".bar").append(h("div", {class: "tools"}, status, paused, themeButton()));
  document.getElementById("main").append(page.node);
  document.title = definition.title;
  let timer = 0;
  const refresh = async () => {
    const more = await page.refresh();
    if (!more) say("live");
    window.dl4j.ready ||= !more;
    return more;
  };
  async function tick() {
    clearTimeout(timer);
    if (isPressed(paused) || document.hidden) return;
    let wait = EVERY;
    try {
      if (await refresh()) wait = 0;
    } catch (e) {
      wait = EVERY_AFTER_FAILURE;
      say("the server does not answer: " + e.message);
    }
    clearTimeout(timer);
    timer = setTimeout(tick, wait);
  }
  expose([page], refresh);
  document.addEventListener("visibilitychange", tick);
  tick();
}

/** Pages in a file, below each other. */
export async function report(definitions) {
  startTheme();
  const answers = JSON.parse(document.getElementById("answers").textContent);
  const pages = definitions.map(definition => new Page(definition, recording(definition.name, answers)));
  document.querySelector(".bar").append(h("div", {class: "tools"}, themeButton()));
  document.getElementById("main").append(...pages.map(page => page.node));
  const refresh = () => Promise.all(pages.map(page => page.refresh()));
  expose(pages, refresh);
  await refresh();
  window.dl4j.ready = true;
}
