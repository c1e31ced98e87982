import {button, h, isPressed, press} from "ui/dom.js";
import {Page} from "ui/page.js";
import {recording, server} from "ui/source.js";
import {startTheme, themeButton} from "ui/theme.js";

const EVERY = 2000;
const EVERY_AFTER_FAILURE = 10_000;

/** A run is live for so long after its newest numbers came. */
const LIVE = 30_000;

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
  const pulse = new Pulse();
  let timer = 0;
  const refresh = async () => {
    const more = await page.refresh();
    if (!more) say(pulse.text(page.runs.drawn));
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

/** Whether numbers come in: a stored or finished run is not live. */
class Pulse {
  constructor() {
    this.rows = new Map();
    this.newest = null;
  }

  text(runs) {
    for (const run of runs) {
      const before = this.rows.get(run.id);
      if (before !== undefined && run.rows > before) this.newest = new Date();
      this.rows.set(run.id, run.rows);
    }
    if (runs.length === 0) return "waiting for a run";
    if (this.newest === null) return "no new numbers";
    const clock = this.newest.toLocaleTimeString("sv-SE", {timeStyle: "short"});
    return Date.now() - this.newest < LIVE ? "live" : `no new numbers since ${clock}`;
  }
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
