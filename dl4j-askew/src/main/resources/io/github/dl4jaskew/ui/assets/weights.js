import {card} from "ui/card.js";
import {button, h, isPressed, press} from "ui/dom.js";
import {integer, number, percent} from "ui/format.js";
import {saveCsv, savePng} from "ui/export.js";
import {onThemeChange} from "ui/theme.js";
import {choose, chosen} from "ui/state.js";
import {binAt, drawWeights} from "askew/bands.js";

const FRAMES_OF_PLAY = 120;
const PAUSE = 60;
const KEPT = 200;
const POINT = "Point at a bar to read it.";

/** Weights between their levels, one parameter at one moment, with the intervals of that time. */
export function weights(page) {
  return new Weights(page);
}

class Weights {
  constructor(page) {
    this.page = page;
    this.runs = [];
    this.run = null;
    this.moments = null;
    this.parameter = Number(chosen("parameter") ?? 0);
    this.following = chosen("moment") === null;
    this.restoring = chosen("moment");
    this.playing = false;
    this.wanted = 0;
    this.frames = new Map();
    this.build();
    onThemeChange(() => this.draw());
  }

  build() {
    this.logButton = button("y log", () => {
      press(this.logButton, !isPressed(this.logButton));
      choose("y.weights", isPressed(this.logButton) ? 1 : null);
      this.draw();
    }, {title: "Linear or logarithmic axis", pressed: chosen("y.weights") === "1"});
    const {node, body} = card("Weights between their levels", {
      wide: true, id: "weights",
      note: "The weights of one parameter. Shaded: the intervals around the levels, in which weights move freely; they close"
        + " during training. Orange: outside the intervals.",
      actions: [this.logButton, button("CSV", () => this.saveCsv(), {title: "Save the bins that are drawn"}),
        button("PNG", () => savePng("weights.png", this.canvas, {title: this.caption()}), {title: "Save the picture"})],
    });
    this.node = node;
    this.runChooser = h("select", {class: "button", "aria-label": "Run", onchange: () => this.choose(this.runChooser.value)});
    this.parameterChooser = h("select", {class: "button", id: "weights-parameter", "aria-label": "Parameter",
      onchange: () => this.chooseParameter(Number(this.parameterChooser.value))});
    this.playButton = button("Play", () => this.playing ? this.stop() : this.play(), {title: "Run through the training"});
    this.slider = h("input", {type: "range", min: "0", max: "0", step: "1", value: "0", id: "weights-slider",
      "aria-label": "Moment of the training", oninput: () => {
        this.stop();
        this.slid();
      }});
    this.canvas = h("canvas", {class: "bars weights", role: "img",
      onpointermove: event => this.point(event.offsetX), onpointerleave: () => this.point(null)});
    this.line = h("p", {class: "note figures"});
    this.bin = h("p", {class: "note figures"}, POINT);
    this.message = h("p", {class: "empty", hidden: true});
    body.append(h("div", {class: "moment"}, this.runChooser, this.parameterChooser, this.playButton, this.slider),
      this.canvas, this.message, this.line, this.bin);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** Takes over the runs that are drawn; stays at the newest moment until the slider is moved. */
  async update(runs) {
    this.runs = runs;
    if (!runs.some(run => run === this.run)) {
      this.following = this.following || this.run !== null;
      this.run = runs[0] ?? null;
    }
    this.runChooser.hidden = runs.length < 2;
    fill(this.runChooser, runs.map(run => [run.id, run.name]), this.run?.id);
    if (this.run) await this.reload();
  }

  async choose(id) {
    this.stop();
    this.run = this.runs.find(run => run.id === id) ?? this.run;
    this.following = true;
    await this.reload();
  }

  async chooseParameter(index) {
    this.parameter = index;
    choose("parameter", index || null);
    await this.show();
  }

  async reload() {
    const run = this.run;
    if (!this.shown && this.message.hidden) this.say("Loading the histogram ...");
    try {
      const moments = await this.page.get("moments", run);
      if (run !== this.run) return;
      this.moments = moments;
    } catch (error) {
      this.say(error.message);
      return;
    }
    const all = this.moments.parameters;
    const offered = this.page.recorded ? all.slice(0, this.moments.recordedParameters) : all;
    if (this.parameter >= offered.length) this.parameter = 0;
    fill(this.parameterChooser, offered.map((p, i) => [i, `${p.layer} ${p.parameter}`]), this.parameter);
    this.slider.max = String(Math.max(0, this.steps() - 1));
    if (this.following) this.slider.value = this.slider.max;
    else if (this.restoring) this.slider.value = this.restoring;
    this.restoring = null;
    await this.show();
  }

  /** Steps of the slider: every moment; in a report those that it holds. */
  steps() {
    return this.page.recorded ? this.moments.recorded.length : this.moments.count;
  }

  slid() {
    this.following = Number(this.slider.value) === this.steps() - 1;
    choose("moment", this.following ? null : this.slider.value);
    return this.show();
  }

  /** Fetches what the choosers and the slider say, and draws it unless they say something else by then. */
  async show() {
    if (!this.run || this.steps() === 0 || this.moments.parameters.length === 0) {
      this.say("This run has no histograms yet.");
      return;
    }
    const ticket = ++this.wanted;
    const step = Number(this.slider.value);
    const at = this.page.recorded ? this.moments.recorded[step] : step;
    try {
      const frame = await this.frame(this.run, this.parameter, at);
      if (ticket !== this.wanted) return;
      this.shown = {...frame, run: this.run.id, runName: this.run.name, index: this.parameter};
      this.message.hidden = true;
      this.canvas.hidden = false;
      this.draw();
    } catch (error) {
      if (ticket === this.wanted) this.say(error.message);
    }
  }

  async frame(run, parameter, at) {
    const key = `${run.id} ${parameter} ${at}`;
    if (!this.frames.has(key)) {
      const frame = await this.page.get("weights", run, {parameter, at});
      if (this.frames.size >= KEPT) this.frames.delete(this.frames.keys().next().value);
      this.frames.set(key, frame);
    }
    return this.frames.get(key);
  }

  async play() {
    this.playing = true;
    this.playButton.textContent = "Pause";
    const last = this.steps() - 1;
    const stride = Math.max(1, Math.ceil(last / FRAMES_OF_PLAY));
    if (Number(this.slider.value) >= last) this.slider.value = "0";
    while (this.playing) {
      await this.slid();
      await new Promise(done => setTimeout(done, PAUSE));
      if (!this.playing) return;
      const next = Math.min(last, Number(this.slider.value) + stride);
      if (Number(this.slider.value) >= last) this.stop();
      else this.slider.value = String(next);
    }
  }

  stop() {
    this.playing = false;
    this.playButton.textContent = "Play";
  }

  /** Says what a bin holds. */
  point(left) {
    const frame = this.shown;
    const bin = frame && left !== null ? binAt(this.canvas, frame, left) : null;
    if (bin === null) {
      this.bin.textContent = POINT;
      return;
    }
    const position = bin / frame.binsPerCell - 0.5;
    const cell = Math.max(0, Math.min(frame.levels.length - 2, Math.floor(position)));
    const value = frame.levels.length > 1 ? frame.levels[cell] + (position - cell) * (frame.levels[cell + 1] - frame.levels[cell]) : position;
    const weights = frame.counts.reduce((sum, count) => sum + count, 0);
    this.bin.textContent = `weight / scale about ${number(value)}: ${integer(frame.counts[bin])} weights, ${percent(frame.counts[bin] / Math.max(1, weights))}`;
  }

  say(text) {
    this.shown = null;
    this.message.hidden = false;
    this.canvas.hidden = true;
    this.message.textContent = text;
    this.line.textContent = "";
  }

  draw() {
    const frame = this.shown;
    if (!frame || this.canvas.clientWidth === 0) return;
    drawWeights(this.canvas, frame, isPressed(this.logButton));
    const weights = frame.counts.reduce((sum, count) => sum + count, 0);
    const figures = [`iteration ${integer(frame.iteration)}`, `epoch ${integer(frame.epoch)}`, `eps ${number(frame.epsilon)}`,
      `tau ${number(frame.tau)}`, `${integer(weights)} weights`];
    if (frame.infeasible !== undefined) figures.push(`${percent(frame.infeasible)} infeasible`);
    if (frame.distance !== undefined) figures.push(`mean distance ${number(frame.distance)} half cells`);
    this.line.textContent = figures.join(" · ");
    this.slider.setAttribute("aria-valuetext", `iteration ${integer(frame.iteration)}, eps ${number(frame.epsilon)}`);
    this.canvas.setAttribute("aria-label", `Histogram of ${this.caption()}: ${this.line.textContent}`);
    (window.dl4j ??= {}).weights = frame;
  }

  caption() {
    const frame = this.shown;
    return frame ? `${frame.layer} ${frame.parameter}, iteration ${integer(frame.iteration)}, eps ${number(frame.epsilon)}` : "no weights";
  }

  saveCsv() {
    const frame = this.shown;
    if (!frame) return;
    const position = i => i / frame.binsPerCell - 0.5;
    const inside = x => frame.bands.some(([lower, upper]) => x >= lower && x <= upper);
    saveCsv("weights.csv", ["position", "weights", "in an interval"],
      frame.counts.map((count, i) => [position(i), count, inside(position(i)) ? 1 : 0]));
  }
}

function fill(chooser, options, chosen) {
  const key = JSON.stringify(options);
  if (chooser.dataset.key !== key) {
    chooser.dataset.key = key;
    chooser.replaceChildren(...options.map(([value, label]) => h("option", {value}, label)));
  }
  if (chosen !== undefined) chooser.value = String(chosen);
}
