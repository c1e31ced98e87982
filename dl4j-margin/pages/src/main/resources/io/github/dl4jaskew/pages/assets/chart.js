import uPlot from "uplot";
import {button, h, isPressed, press} from "ui/dom.js";
import {card} from "ui/card.js";
import {colors, onThemeChange} from "ui/theme.js";
import {integer, number, percent} from "ui/format.js";
import {choose, chosen} from "ui/state.js";
import {savePng, saveCsv} from "ui/export.js";
import {Legend, valueAt} from "ui/legend.js";
import {HINT, listenToKeys} from "ui/keys.js";
import {alignedData, linesOf, smoothed} from "ui/series.js";
import {options} from "ui/plot.js";
import {table} from "ui/table.js";

const TABLE_ROWS = 50;

/** Lines over iterations, in a card of its own. */
export class Chart {
  constructor(definition, page) {
    this.definition = definition;
    this.page = page;
    this.runs = [];
    this.lines = [];
    this.data = [[]];
    this.hidden = new Set();
    this.index = null;
    this.plot = null;
    this.shape = "";
    this.build();
    onThemeChange(() => this.redraw());
  }

  get xLog() {
    return isPressed(this.xButton);
  }

  get yLog() {
    return isPressed(this.yButton);
  }

  /** Writes a value as the vertical axis does. */
  get format() {
    return this.definition.y?.percent ? percent : number;
  }

  /** Names the lines, in the order of the data's columns behind x. */
  get keys() {
    return this.lines.map(line => line.key);
  }

  build() {
    const {id, title, note, wide} = this.definition;
    this.xButton = this.choice("x log", "x", this.definition.x?.log ?? false, "Linear or logarithmic axis");
    this.yButton = this.choice("y log", "y", this.definition.y?.log ?? false, "Linear or logarithmic axis");
    this.smoothButton = this.choice("Smooth", "smooth", false, "Draw the mean of the points around each");
    this.tableButton = button("Table", () => this.toggleTable(), {title: "The same numbers as a table", pressed: false});
    const actions = [
      this.xButton, this.yButton, this.tableButton,
      button("CSV", () => this.saveCsv(), {title: "Save the points that are drawn"}),
      button("PNG", () => this.savePng(), {title: "Save the picture"}),
      this.smoothButton,
    ];
    const {node, body} = card(title, {note, wide, actions, id});
    this.node = node;
    this.plotNode = h("div", {class: "plot", tabindex: "0", role: "group", "aria-roledescription": "chart"});
    this.message = h("p", {class: "empty", hidden: true});
    this.cut = h("p", {class: "note", hidden: true}, "The first points are outside: the axis is scaled to the others. Enlarge, or take a logarithmic axis, to see them.");
    this.legend = new Legend((keys, shown) => keys.forEach(key => this.toggle(key, shown)), value => this.format(value));
    this.tableNode = h("div", {hidden: true});
    body.append(this.plotNode, this.cut, this.message, this.legend.node, this.tableNode);
    listenToKeys(this);
    new ResizeObserver(() => this.resize()).observe(this.plotNode);
  }

  /** A button that stays down, also when the page is loaded again. */
  choice(label, name, normally, title) {
    const key = `${name}.${this.definition.id}`;
    const known = chosen(key);
    const node = button(label, () => {
      press(node, !isPressed(node));
      choose(key, isPressed(node) === normally ? null : isPressed(node) ? 1 : 0);
      this.redraw();
    }, {title, pressed: known === null ? normally : known === "1"});
    return node;
  }

  /** Draws these runs; a new plot only if its lines are others than before. */
  update(runs) {
    this.runs = runs;
    this.lines = linesOf(this.definition, runs);
    this.data = alignedData(this.lines, this.xLog, this.yLog);
    if (isPressed(this.smoothButton)) this.data = smoothed(this.data, this.yLog);
    this.showMessage();
    const shape = JSON.stringify([this.keys, this.lines.map(line => line.color), this.xLog, this.yLog, isPressed(this.smoothButton)]);
    if (this.plot && shape === this.shape) {
      this.plot.setData(this.data);
    } else {
      this.shape = shape;
      this.replacePlot();
      this.legend.draw(this.lines, this.hidden);
    }
    this.showValues();
    this.plotNode.setAttribute("aria-label", this.summary());
    if (isPressed(this.tableButton)) this.drawTable();
  }

  redraw() {
    this.shape = "";
    this.update(this.runs);
  }

  replacePlot() {
    this.plot?.destroy();
    this.plot = null;
    this.index = null;
    if (this.data[0].length > 0) {
      this.plot = new uPlot(options(this), this.data, this.plotNode);
    }
  }

  resize() {
    const width = this.plotNode.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({width, height: this.plot.height});
  }

  showMessage() {
    const nothing = this.lines.length === 0;
    const noPositive = !nothing && this.yLog
      && !this.data.slice(1).some(values => values.some(value => value !== null && value !== undefined));
    this.message.hidden = !(nothing || noPositive || this.data[0].length === 0);
    this.plotNode.hidden = !this.message.hidden;
    const {absent} = this.definition;
    this.message.textContent = nothing
      ? (typeof absent === "function" ? absent(this.runs) : absent) ?? "These runs have no such numbers."
      : "No value is above 0, so a logarithmic axis shows nothing. Switch y log off.";
  }

  toggle(key, shown) {
    if (shown) this.hidden.delete(key);
    else this.hidden.add(key);
    const place = this.keys.indexOf(key);
    if (this.plot && place >= 0) this.plot.setSeries(place + 1, {show: shown});
  }

  /** Shows the values of a row, or the newest. */
  select(index) {
    this.index = index;
    if (this.plot && index !== null) {
      this.plot.setCursor({left: this.plot.valToPos(this.data[0][index], "x"), top: this.plot.over.clientHeight / 2});
    }
    this.showValues();
  }

  /** Called by the plot when the pointer moves. */
  pointed(index) {
    this.index = index ?? null;
    this.showValues();
  }

  /** At the pointer, with its place, or the newest. */
  showValues() {
    const at = this.index === null ? null : `${this.xLabel()} ${integer(this.data[0][this.index])}`;
    this.legend.show(this.data, this.index, at);
  }

  announce() {
    const values = this.lines.map((line, i) => `${this.nameOf(line)} ${this.format(valueAt(this.data[i + 1], this.index))}`);
    this.page.announce(`${this.xLabel()} ${number(this.data[0][this.index])}: ${values.join(", ")}`);
  }

  /** A line's name, and its run's if there are several. */
  nameOf(line) {
    return this.runs.length > 1 ? `${line.label} · ${line.run.name}` : line.label;
  }

  xLabel() {
    return this.definition.x?.label ?? "iteration";
  }

  summary() {
    const newest = this.lines.slice(0, 6).map((line, i) => `${this.nameOf(line)} ${this.format(valueAt(this.data[i + 1], null))}`);
    return `${this.definition.title} by ${this.xLabel()}. Newest: ${newest.join(", ") || "nothing"}. ${HINT}`;
  }

  /** Vertical lines: what the page marks, and where the iterations restarted. */
  marks() {
    return this.runs.flatMap(run => [
      ...(this.definition.marks?.(run) ?? []),
      ...run.restarts.map(x => ({x, label: "restart"})),
    ].map(mark => ({...mark, color: this.runs.length > 1 ? colors().series[run.index % 8] : colors().muted})));
  }

  /** From where on the values decide how high the chart reaches; null for all. */
  focus() {
    const places = this.runs.map(run => this.definition.focus?.(run) ?? null);
    return places.length === 0 || places.includes(null) ? null : Math.max(...places);
  }

  toggleTable() {
    press(this.tableButton, !isPressed(this.tableButton));
    this.tableNode.hidden = !isPressed(this.tableButton);
    if (!this.tableNode.hidden) this.drawTable();
  }

  drawTable() {
    const [x, ...columns] = this.data;
    const step = Math.max(1, Math.ceil(x.length / TABLE_ROWS));
    const rows = [];
    for (let i = x.length - 1; i >= 0; i -= step) {
      rows.push([number(x[i]), ...columns.map(values => this.format(values[i]))]);
    }
    const newest = h("p", {class: "note"}, step === 1 ? "Newest first." : `Newest first, one point of ${step}.`);
    const caption = `${this.definition.title}, numbers`;
    this.tableNode.replaceChildren(newest, table({caption, head: [this.xLabel(), ...this.lines.map(line => this.nameOf(line))], rows}));
  }

  saveCsv() {
    const [x, ...columns] = this.data;
    const head = [this.xLabel(), ...this.lines.map(line => this.runs.length > 1 ? `${line.column} · ${line.run.name}` : line.column)];
    saveCsv(this.definition.id + ".csv", head, x.map((value, i) => [value, ...columns.map(values => values[i])]));
  }

  savePng() {
    if (this.plot) savePng(this.definition.id + ".png", this.plot.ctx.canvas, {title: this.definition.title, legend: this.lines.map(line => ({color: line.color, dash: line.dash, label: this.nameOf(line)}))});
  }
}
