import {h} from "ui/dom.js";
import {number} from "ui/format.js";
import {table} from "ui/table.js";

/** The newest numbers: tiles for one run, a table for several. */
export class Tiles {
  constructor(definitions = []) {
    this.definitions = definitions;
    this.node = h("section", {class: "tiles", "aria-label": "Newest numbers"});
  }

  update(runs) {
    const text = (tile, run) => {
      const value = tile.value(run);
      return typeof value === "string" ? value : number(value);
    };
    if (runs.length === 1) {
      this.node.replaceChildren(...this.definitions.map(tile => h("div", {class: "tile", title: tile.hint},
        h("span", {class: "muted"}, tile.label), h("strong", {}, text(tile, runs[0])))));
    } else if (runs.length > 1) {
      this.node.replaceChildren(table({
        caption: "Newest numbers of each run",
        head: ["run", ...this.definitions.map(tile => tile.label)],
        rows: runs.map(run => [run.name, ...this.definitions.map(tile => text(tile, run))]),
        align: ["left"],
      }));
    } else {
      this.node.replaceChildren();
    }
  }
}
