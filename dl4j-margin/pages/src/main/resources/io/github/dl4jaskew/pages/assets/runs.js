import {h} from "ui/dom.js";
import {time} from "ui/format.js";
import {choose, chosen} from "ui/state.js";
import {colors, onThemeChange} from "ui/theme.js";
import {Run} from "ui/run.js";

const SHOWN_AT_FIRST = 4;

/** The runs that there are, and which of them are drawn. */
export class Runs {
  constructor(onChange, linked, key) {
    this.all = new Map();
    this.shown = new Set();
    this.onChange = onChange;
    this.linked = linked;
    this.key = key;
    this.wanted = chosen(key)?.split(",").filter(id => id !== "") ?? null;
    this.list = h("ul", {class: "runs"});
    this.cut = h("p", {class: "note", hidden: true}, "Only the newest runs are listed.");
    this.dropped = h("p", {class: "note", hidden: true});
    this.node = h("fieldset", {class: "picker", hidden: true}, h("legend", {}, "Runs"), this.list, this.cut, this.dropped);
    onThemeChange(() => this.draw());
  }

  get drawn() {
    return [...this.all.values()].filter(run => this.shown.has(run.id));
  }

  /** Takes over the server's list, newest first. */
  apply({runs, truncated}) {
    const ids = new Set(runs.map(run => run.id));
    const before = [...this.all.keys()].join();
    for (const id of this.all.keys()) {
      if (!ids.has(id)) {
        this.all.delete(id);
        this.shown.delete(id);
      }
    }
    for (const info of runs) {
      if (this.all.has(info.id)) continue;
      this.all.set(info.id, new Run(info, this.freeIndex()));
      if (this.wanted?.includes(info.id) ?? this.shown.size < SHOWN_AT_FIRST) this.shown.add(info.id);
    }
    // Chosen runs that are gone do not leave the page empty.
    if (this.wanted !== null && this.shown.size === 0 && runs.length > 0 && !this.touched) this.shown.add(runs[0].id);
    this.cut.hidden = !truncated;
    if (before !== [...this.all.keys()].join()) this.draw();
  }

  /** Says which of the drawn runs have more numbers than a page draws. */
  showDropped() {
    const names = this.drawn.filter(run => run.columnsDropped).map(run => run.name);
    this.dropped.hidden = names.length === 0;
    this.dropped.textContent = `There are too many parameters or layers; only the first ones are drawn of: ${names.join(", ")}.`;
  }

  freeIndex() {
    const taken = new Set([...this.all.values()].map(run => run.index));
    let index = 0;
    while (taken.has(index)) index++;
    return index;
  }

  draw() {
    this.node.hidden = this.all.size === 0;
    this.list.replaceChildren(...[...this.all.values()].sort((a, b) => b.time - a.time).map(run => this.item(run)));
  }

  item(run) {
    const swatch = h("span", {class: "dot", "aria-hidden": "true"});
    swatch.style.backgroundColor = colors().series[run.index % 8];
    const box = h("input", {
      type: "checkbox", checked: this.shown.has(run.id),
      onchange: () => {
        if (box.checked) this.shown.add(run.id);
        else this.shown.delete(run.id);
        this.touched = true;
        this.wanted = [...this.shown];
        choose(this.key, this.wanted.join(","));
        this.onChange();
      },
    });
    return h("li", {},
      h("label", {title: run.name}, box, swatch, h("span", {class: "name"}, run.name), h("span", {class: "muted"}, time(run.time))),
      this.linked ? h("a", {href: run.overview, "aria-label": `Overview of ${run.name} in DL4J`}, "overview") : null);
  }
}
