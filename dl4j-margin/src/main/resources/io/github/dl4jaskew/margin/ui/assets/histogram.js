import {drawGround, drawShares, paper, partAt, shareAxis} from "ui/bars.js";
import {card} from "ui/card.js";
import {button, h, isPressed, press} from "ui/dom.js";
import {integer, number, percent} from "ui/format.js";
import {saveCsv, savePng} from "ui/export.js";
import {onThemeChange} from "ui/theme.js";
import {choose, chosen} from "ui/state.js";
import {table} from "ui/table.js";

const POINT = "Point at a bar to read it.";
const HEAD = ["above", "up to", "margins"];
const GAP = 4;

/** How many margins of a run's newest measurement lie where. */
export function histogram() {
  return new Histogram();
}

class Histogram {
  constructor() {
    this.runs = [];
    this.run = null;
    this.build();
    onThemeChange(() => this.draw());
  }

  build() {
    this.logButton = button("y log", () => {
      press(this.logButton, !isPressed(this.logButton));
      choose("y.histogram", isPressed(this.logButton) ? 1 : null);
      this.draw();
    }, {title: "Linear or logarithmic axis", pressed: chosen("y.histogram") === "1"});
    this.tableButton = button("Table", () => {
      press(this.tableButton, !isPressed(this.tableButton));
      this.draw();
    }, {title: "The same numbers as a table", pressed: false});
    const {node, body} = card("Histogram of the margins", {
      id: "histogram",
      note: "All margins of the newest measurement. Orange: up to 0, predicted wrongly.",
      actions: [this.logButton, this.tableButton, button("CSV", () => this.saveCsv(), {title: "Save the bins that are drawn"}),
        button("PNG", () => this.savePng(), {title: "Save the picture"})],
    });
    this.node = node;
    this.runChooser = h("select", {class: "button", "aria-label": "Run of the histogram", onchange: () => {
      this.run = this.runs.find(run => run.id === this.runChooser.value) ?? this.run;
      this.draw();
    }});
    this.canvas = h("canvas", {class: "bars", role: "img",
      onpointermove: event => this.point(event.offsetX), onpointerleave: () => this.point(null)});
    this.message = h("p", {class: "empty", hidden: true}, "The newest measurement has no histogram: it is of a version without.");
    this.line = h("p", {class: "note figures"});
    this.bar = h("p", {class: "note"}, POINT);
    this.tableNode = h("div", {hidden: true});
    body.append(this.runChooser, this.canvas, this.message, this.line, this.bar, this.tableNode);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  get bins() {
    return this.run?.latest?.histogram ?? null;
  }

  async update(runs) {
    this.runs = runs;
    if (!runs.includes(this.run)) this.run = runs[0] ?? null;
    this.runChooser.hidden = runs.length < 2;
    const options = JSON.stringify(runs.map(run => [run.id, run.name]));
    if (this.runChooser.dataset.key !== options) {
      this.runChooser.dataset.key = options;
      this.runChooser.replaceChildren(...runs.map(run => h("option", {value: run.id}, run.name)));
    }
    if (this.run) this.runChooser.value = this.run.id;
    this.draw();
  }

  draw() {
    const bins = this.bins;
    this.message.hidden = bins !== null;
    this.canvas.hidden = this.line.hidden = this.bar.hidden = bins === null;
    this.tableNode.hidden = bins === null || !isPressed(this.tableButton);
    if (bins === null || this.canvas.clientWidth === 0) return;
    drawBins(this.canvas, bins, isPressed(this.logButton));
    const total = bins.counts.reduce((sum, count) => sum + count, 0);
    const wrong = bins.counts.slice(0, zero(bins)).reduce((sum, count) => sum + count, 0);
    this.line.textContent = `iteration ${integer(bins.iteration)} · ${integer(total)} margins · ${integer(wrong)} predicted wrongly · bins of ${number(bins.width)}`;
    this.canvas.setAttribute("aria-label", `Histogram of the margins of ${this.run.name}: ${this.line.textContent}`);
    if (!this.tableNode.hidden) this.drawTable();
  }

  drawTable() {
    const rows = rowsOf(this.bins).map(([from, to, count]) => [number(from), number(to), integer(count)]);
    this.tableNode.replaceChildren(table({caption: "Histogram of the margins, numbers", head: HEAD, rows}));
  }

  /** Says what a bar holds. */
  point(left) {
    const bins = this.bins;
    const bar = bins === null || left === null ? -1 : Math.floor(partAt(this.canvas, left) * bins.counts.length);
    const row = bins === null ? undefined : rowsOf(bins)[bar];
    const total = bins === null ? 0 : bins.counts.reduce((sum, count) => sum + count, 0);
    this.bar.textContent = row === undefined ? POINT
      : `margins above ${number(row[0])} up to ${number(row[1])}: ${integer(row[2])}, ${percent(row[2] / total)}`;
  }

  saveCsv() {
    if (this.bins) saveCsv("histogram.csv", HEAD, rowsOf(this.bins));
  }

  savePng() {
    if (this.bins) savePng("histogram.png", this.canvas, {title: `Margins of ${this.run.name}, iteration ${integer(this.bins.iteration)}`});
  }
}

/** The bar whose left edge is 0: those before it are of wrong predictions. */
function zero({first, counts}) {
  return Math.max(0, Math.min(counts.length, -first));
}

function rowsOf({first, width, counts}) {
  return counts.map((count, i) => [(first + i) * width, (first + i + 1) * width, count]);
}

function drawBins(canvas, bins, log) {
  const sheet = paper(canvas);
  const {pen, paint, box} = sheet;
  const {counts, first, width} = bins;
  const y = shareAxis(counts, log, box);
  const x = edge => box.left + edge / counts.length * (box.right - box.left);
  drawShares(sheet, y);
  const bar = x(1) - x(0);
  const drawn = Math.max(1, bar - (bar > GAP ? 1 : 0));
  counts.forEach((count, i) => {
    if (count === 0) return;
    const top = y.at(count / y.total);
    pen.fillStyle = i < zero(bins) ? paint.series[1] : paint.series[0];
    pen.fillRect(x(i), top, drawn, Math.max(1, box.bottom - top));
  });
  drawGround(sheet, "margin");
  drawEdges(sheet, x, first, width, counts.length);
}

/** Labels as many of the edges as fit, those of round numbers of bins from 0. */
function drawEdges({pen, paint, box}, x, first, width, bins) {
  const label = i => number((first + i) * width).replace("-", "−");
  const widest = Math.max(...Array.from({length: bins + 1}, (_, i) => pen.measureText(label(i)).width)) + 10;
  const needed = widest / (x(1) - x(0));
  const stride = [1, 2, 5, 10, 20, 50, 100].find(s => s >= needed) ?? bins;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (let i = 0; i <= bins; i++) {
    if ((first + i) % stride !== 0) continue;
    pen.fillStyle = paint.muted;
    pen.fillRect(Math.round(x(i)), box.bottom, 1, 6);
    pen.fillStyle = paint.text;
    pen.fillText(label(i), x(i), box.bottom + 8);
  }
}
