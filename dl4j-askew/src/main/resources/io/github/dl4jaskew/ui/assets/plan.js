import {card} from "ui/card.js";
import {h} from "ui/dom.js";
import {bytes, integer, number} from "ui/format.js";
import {table} from "ui/table.js";

const HEAD = ["layer", "parameter", "shape", "weights", "grid", "bits", "bytes", "scale, or why it was skipped"];
const ALIGN = ["left", "left", "left", "right", "left", "right", "right", "left"];

/** How many iterations the schedule of a run's eps has; null if it has no end, counts epochs or is not known yet. */
export function planned(run) {
  const schedule = run.settings?.find(line => line.startsWith("eps: "))?.match(/hold (\S+), then .* over (\S+) by iteration/);
  const end = schedule ? Math.round(Number(schedule[1]) + Number(schedule[2])) : NaN;
  return Number.isFinite(end) ? end : null;
}

/** What is quantized, at how many bits, and why the rest is not; one table for each run. */
export function plan(page) {
  const {node, body} = card("Plan", {
    wide: true, id: "plan", note: "What is quantized, what it takes when packed, and why the rest keeps full precision.",
  });
  const known = new Map();
  let drawn = "";
  return {
    node,
    async update(runs) {
      for (const run of runs) {
        if (known.get(run.id)?.parameters.length) continue;
        try {
          known.set(run.id, await page.get("plan", run));
          run.settings = known.get(run.id).settings;
          page.tiles.update(runs);
        } catch {
          known.delete(run.id); // The next update asks again.
        }
      }
      const shown = runs.filter(run => known.get(run.id)?.parameters.length);
      const key = shown.map(run => run.id).join();
      node.hidden = shown.length === 0;
      if (key === drawn) return;
      drawn = key;
      body.replaceChildren(...shown.map(run => one(run, known.get(run.id), shown.length > 1)));
    },
  };
}

function one(run, answer, several) {
  const rows = answer.parameters.map(p => [
    p.layer, p.parameter, p.shape.length ? p.shape.join(" × ") : "–", integer(p.size), p.grid ?? "–",
    p.size === 0 ? "–" : p.bits ? integer(p.bits) : "32", p.size === 0 ? "–" : bytes(p.bytes), p.skipped ?? scale(p),
  ]);
  return h("div", {class: "plan"},
    several ? h("h3", {}, run.name) : null,
    h("p", {class: "note"}, `${integer(answer.constrained)} of ${integer(answer.size)} parameters are constrained; packed, all take`
      + ` ${bytes(answer.bytes)} instead of ${bytes(4 * answer.size)} in float32.`),
    table({caption: `Plan of ${run.name}`, head: HEAD, rows, align: ALIGN}),
    h("ul", {class: "settings"}, answer.settings.map(line => h("li", {}, line))));
}

function scale(p) {
  return p.channels === 1 ? number(p.lowestScale)
    : `${number(p.lowestScale)} to ${number(p.highestScale)}, ${integer(p.channels)} channels`;
}
