import {card} from "ui/card.js";
import {h} from "ui/dom.js";

/** What a run could not measure, and why. */
export function notes() {
  const {node, body} = card("Notes", {wide: true, note: "What the newest measurement says in words."});
  return {
    node,
    async update(runs) {
      const items = runs.flatMap(run => sentences(run).map(text => h("li", {}, runs.length > 1 ? `${run.name}: ${text}` : text)));
      node.hidden = items.length === 0;
      body.replaceChildren(h("ul", {}, items));
    },
  };
}

function sentences(run) {
  const latest = run.latest;
  if (!latest) return [];
  const said = [...latest.reasons];
  if (latest.upperBound) said.push("Only some of the training data were seen: the smallest margin is an upper bound.");
  if (latest.stage.timesLeft > 0) said.push(`The late stage was left ${latest.stage.timesLeft} times.`);
  return said;
}
