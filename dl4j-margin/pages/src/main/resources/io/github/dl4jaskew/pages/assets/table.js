import {h} from "ui/dom.js";

/** A table that scrolls sideways where it does not fit. Cells are texts or nodes; align is "left" or "right" by column. */
export function table({caption, head, rows, align = []}) {
  const side = i => align[i] === "left" ? "left" : "right";
  return h("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
    h("table", {},
      h("caption", {class: "unseen"}, caption),
      h("thead", {}, h("tr", {}, head.map((cell, i) => h("th", {scope: "col", class: side(i)}, cell)))),
      h("tbody", {}, rows.map(row => h("tr", {}, row.map((cell, i) => h("td", {class: side(i)}, cell)))))));
}
