import {h, isPressed, press} from "ui/dom.js";
import {number} from "ui/format.js";

/** Lines by name, each a button that hides it, with its number below the pointer or the newest. */
export class Legend {
  constructor(onToggle) {
    this.node = h("ul", {class: "legend"});
    this.onToggle = onToggle;
    this.values = [];
  }

  draw(lines, hidden) {
    this.values = [];
    this.node.replaceChildren(...lines.map(line => {
      const swatch = h("span", {class: "swatch"});
      swatch.style.borderTopColor = line.color;
      swatch.style.borderTopStyle = line.dash.length ? "dashed" : "solid";
      const value = h("span", {class: "value"});
      this.values.push(value);
      const item = h("button", {
        type: "button", class: "key", title: "Show or hide", "aria-pressed": String(!hidden.has(line.key)),
        onclick: () => {
          press(item, !isPressed(item));
          this.onToggle(line.key, isPressed(item));
        },
      }, swatch, h("span", {class: "name"}, line.label), value);
      return h("li", {}, item);
    }));
  }

  show(data, index) {
    this.values.forEach((node, i) => node.textContent = number(valueAt(data[i + 1], index)));
  }
}

/** The number there, or the one before it: runs have rows at different places. */
export function valueAt(values, index) {
  for (let i = index ?? (values?.length ?? 0) - 1; values && i >= 0; i--) {
    if (values[i] !== null && values[i] !== undefined) return values[i];
  }
  return null;
}
