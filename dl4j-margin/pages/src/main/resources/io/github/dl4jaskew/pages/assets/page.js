import {button, h} from "ui/dom.js";
import {integer} from "ui/format.js";
import {Chart} from "ui/chart.js";
import {enlarge} from "ui/keys.js";
import {Runs} from "ui/runs.js";
import {choose, chosen} from "ui/state.js";
import {Tiles} from "ui/tiles.js";

const MAX_FETCHED_AT_ONCE = 4;

/** A page: runs, tiles, charts and panels, as its definition says, of the numbers that its source has. */
export class Page {
  constructor(definition, source, status = () => {}) {
    this.definition = definition;
    this.source = source;
    this.status = status;
    this.range = rangeOf(chosen(definition.name + ".zoom"));
    this.busy = Promise.resolve();
    this.runs = new Runs(() => this.refreshQuietly(), !source.recorded, definition.name + ".runs");
    this.tiles = new Tiles(definition.tiles);
    this.charts = (definition.charts ?? []).map(chart => new Chart(chart, this));
    this.panels = (definition.panels ?? []).map(panel => panel.create(this));
    this.zoomNode = h("div", {class: "actions zoom", role: "group", "aria-label": "Range of iterations", hidden: true},
      button("Zoom in", () => this.enlarge(0.5)), button("Zoom out", () => this.enlarge(2)), button("Show all", () => this.zoom(null)));
    this.live = h("p", {class: "unseen", "aria-live": "polite"});
    this.empty = h("p", {class: "empty card"}, definition.empty ?? "There is no run yet.");
    this.grid = h("div", {class: "grid", hidden: true}, this.inOrder());
    this.node = h("article", {},
      h("h1", {}, definition.title), definition.lead ? h("p", {class: "lead"}, definition.lead) : null,
      this.runs.node, this.empty, this.tiles.node, this.zoomNode, this.grid, this.live);
  }

  /** Charts, then panels; a panel that names a chart stands before it. */
  inOrder() {
    const nodes = [];
    const place = before => (this.definition.panels ?? []).forEach((panel, i) => {
      if ((panel.before ?? null) === before) nodes.push(this.panels[i].node);
    });
    this.charts.forEach(chart => {
      place(chart.definition.id);
      nodes.push(chart.node);
    });
    place(null);
    return nodes;
  }

  get recorded() {
    return this.source.recorded;
  }

  /** Asks a question about a run. */
  get(question, run, parameters = {}) {
    return this.source.get(question, {...parameters, run: run.id});
  }

  announce(text) {
    this.live.textContent = text;
  }

  /** Fetches what is new and draws it; one after the other. Says whether there is more to fetch at once. */
  refresh() {
    this.busy = this.busy.catch(() => {}).then(() => this.refreshNow());
    return this.busy;
  }

  refreshQuietly() {
    return this.refresh().catch(e => this.status(e.message));
  }

  async refreshNow() {
    this.runs.apply(await this.source.get("runs"));
    const waiting = this.runs.drawn;
    const fetchSome = async () => {
      for (let run = waiting.shift(); run; run = waiting.shift()) await this.fetch(run);
    };
    await Promise.all(Array.from({length: MAX_FETCHED_AT_ONCE}, fetchSome));
    await this.draw();
    return this.runs.drawn.some(run => run.more);
  }

  /** What is new of a run; nothing if the server has let it go, which its next list will say. */
  async fetch(run) {
    try {
      await this.fetchNew(run);
    } catch (e) {
      if (e.status !== 404) throw e;
      run.more = false;
    }
  }

  async fetchNew(run) {
    if (!(this.recorded && run.rows > 0)) {
      run.apply(await this.source.get("data", this.recorded ? {run: run.id} : run.question()));
    }
    if (this.range && run.level > 0 && !this.recorded) {
      run.applyDetail(await this.get("data", run, this.range));
    } else {
      run.detail = null;
    }
  }

  async draw() {
    const runs = this.runs.drawn;
    this.empty.hidden = this.runs.all.size > 0;
    this.grid.hidden = runs.length === 0;
    this.zoomNode.hidden = this.grid.hidden;
    this.runs.showDropped();
    this.tiles.update(runs);
    this.charts.forEach(chart => chart.update(runs));
    const reading = runs.filter(run => run.more);
    if (reading.length > 0) this.status(`reading, ${integer(reading.reduce((sum, run) => sum + run.rows, 0))} records so far`);
    await Promise.all(this.panels.map(panel => panel.update(runs)));
  }

  /** Enlarges all charts to a range of iterations; null shows all. */
  zoom(range) {
    this.range = range;
    choose(this.definition.name + ".zoom", range && `${range.min},${range.max}`);
    this.charts.forEach(chart => chart.redraw());
    return this.refreshQuietly();
  }

  /** Enlarges or shrinks all charts around the place that is read, or the middle. */
  enlarge(factor) {
    const chart = this.charts.find(c => c.plot);
    if (chart) enlarge(chart, factor);
  }

  bounds() {
    const xs = this.runs.drawn.map(run => run.whole.x).filter(x => x.length > 0);
    return {min: Math.min(...xs.map(x => x[0])), max: Math.max(...xs.map(x => x[x.length - 1]))};
  }
}

function rangeOf(text) {
  const [min, max] = (text ?? "").split(",").map(Number);
  return text !== null && min < max ? {min, max} : null;
}
