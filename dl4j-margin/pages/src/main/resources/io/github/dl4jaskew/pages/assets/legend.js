import {h, isPressed, press} from "ui/dom.js";
import {number, shortened} from "ui/format.js";

/** Series by name, each a button that hides it in all runs, with the numbers below the pointer or the newest. */
export class Legend {
  constructor(onToggle, format = number) {
    this.node = h("ul", {class: "legend"});
    this.format = format;
    this.place = h("li", {class: "value place"});
    this.onToggle = onToggle;
    this.values = [];
  }

  draw(lines, hidden) {
    const several = new Set(lines.map(line => line.run)).size > 1;
    const bySeries = new Map();
    lines.forEach((line, i) => {
      if (!bySeries.has(line.column)) bySeries.set(line.column, []);
      bySeries.get(line.column).push({...line, place: i});
    });
    this.values = new Array(lines.length);
    this.node.replaceChildren(this.place, ...[...bySeries.values()].map(same => h("li", {}, this.item(same, hidden, several))));
  }

  item(lines, hidden, several) {
    const [first] = lines;
    const node = h("button", {
      type: "button", class: "key", title: "Show or hide", "aria-pressed": String(!hidden.has(first.key)),
      onclick: () => {
        press(node, !isPressed(node));
        this.onToggle(lines.map(line => line.key), isPressed(node));
      },
    }, swatch(several ? "currentColor" : first.color, first.dash), h("span", {class: "name"}, first.label));
    for (const line of lines) {
      if (several) {
        const dot = h("span", {class: "dot", title: line.run.name});
        dot.style.backgroundColor = line.color;
        node.append(dot, h("span", {class: "name", title: line.run.name}, shortened(line.run.name, 16)));
      }
      this.values[line.place] = h("span", {class: "value"});
      node.append(this.values[line.place]);
    }
    return node;
  }

  /** The values of a row with what names it, or the newest. */
  show(data, index, place = null) {
    this.place.textContent = place ?? "newest";
    this.values.forEach((node, i) => node.textContent = this.format(valueAt(data[i + 1], index)));
  }
}

function swatch(color, dash) {
  const node = h("span", {class: "swatch"});
  node.style.borderTopColor = color;
  node.style.borderTopStyle = dash.length === 0 ? "solid" : dash[0] < 4 ? "dotted" : "dashed";
  return node;
}

/** The number there, or the one before it: runs have rows at different places. */
export function valueAt(values, index) {
  for (let i = index ?? (values?.length ?? 0) - 1; values && i >= 0; i--) {
    if (values[i] !== null && values[i] !== undefined) return values[i];
  }
  return null;
}
