import {h} from "ui/dom.js";

/** A framed part of a page: title, actions, a sentence, and what it is about. */
export function card(title, {note, wide = false, actions = [], id} = {}) {
  const heading = h("h2", {id: id ? "title-" + id : null}, title);
  const body = h("div", {class: "body"});
  const node = h("section", {class: wide ? "card wide" : "card", "aria-labelledby": heading.id || null},
    h("header", {}, heading, h("div", {class: "actions"}, actions)),
    note ? h("p", {class: "note"}, note) : null,
    body);
  return {node, body};
}
