import {integer, percent} from "ui/format.js";
import {plan, planned} from "askew/plan.js";
import {weights} from "askew/weights.js";

const after = (prefix, run) => run.columnNames(prefix).map(column => ({column, label: column.slice(prefix.length)}));

const DASHED = [6, 4];

/** Iterations that are done, of those that the schedule of eps has. DL4J counts from 0. */
function done(run) {
  const all = planned(run);
  const last = run.whole.x.at(-1);
  if (last === undefined) return "–";
  return all === null ? integer(last + 1) : `${integer(Math.min(last + 1, all))} of ${integer(all)}`;
}

export default {
  name: "askew",
  title: "Quantized weights",
  lead: "How the intervals close around the levels, and how the weights follow. Distances are in half cells: 0 on a level, 1 in"
    + " the middle between two. Drag over a chart, or use the buttons, to zoom.",
  empty: "No run has reports yet. Add new AskewListener(10).to(new AskewStorage(storage, \"my run\")) to your network's listeners,"
    + " and attach the same storage: AskewPage.attach(storage).",
  tiles: [
    {label: "iterations", value: done, hint: "at the newest report; as many as the schedule of eps has, if it counts them"},
    {label: "eps", value: run => run.last("epsilon"), hint: "1: no constraint, 0: on the levels"},
    {label: "tau", value: run => run.last("tau"), hint: "inner edge of the intervals, in half cells from the middle of a cell"},
    {label: "mean distance", value: run => run.last("meanDistance"), hint: "to the nearest level, in half cells"},
    {label: "largest distance", value: run => run.last("maxDistance"), hint: "to the nearest level, in half cells"},
    {label: "flips", value: run => integer(run.last("flips")), hint: "weights with another nearest level than in the previous report"},
    {label: "quantized score", value: run => run.last("quantized"), hint: "loss of the weights on their nearest levels"},
    {label: "quantized accuracy", value: run => percent(run.last("quantizedAccuracy")), hint: "of the weights on their nearest levels"},
  ],
  charts: [
    {
      id: "annealing", title: "eps and tau", note: "The intervals close as eps falls to 0 and tau = sqrt(1 - sqrt(eps)) rises to 1.",
      y: {label: "eps, tau"}, series: [{column: "epsilon", label: "eps", color: 0}, {column: "tau", label: "tau", color: 6}],
    },
    {
      id: "distance", title: "Distance to the grid", note: "To the nearest level, in half cells. What is left at the end is what quantize changes.",
      y: {label: "half cells", log: true}, series: [{column: "meanDistance", label: "mean", color: 2}, {column: "maxDistance", label: "largest", color: 3}],
    },
    {
      id: "infeasible", title: "Infeasible weights",
      note: "Weights outside their intervals, which are steered back. Many while eps falls quickly; their distance tells more.",
      y: {label: "% of the weights", percent: true}, series: [{column: "infeasible", label: "infeasible", color: 1}],
    },
    {
      id: "flips", title: "Flips", note: "Weights whose nearest level has changed since the previous report.",
      y: {label: "weights"}, series: [{column: "flips", label: "flips", color: 4}],
    },
    {
      id: "score", title: "Float and quantized score",
      note: "Loss of the weights as they are and on their nearest levels, on the listener's own data; and of the last minibatch.",
      y: {label: "loss"},
      series: run => [["full", "float", 5], ["quantized", "quantized", 5, DASHED], ["score", "minibatch", 7]]
        .filter(([column]) => run.columnNames().includes(column)).map(([column, label, color, dash]) => ({column, label, color, dash})),
    },
    {
      id: "accuracy", title: "Float and quantized accuracy",
      note: "Share of the examples that are classified correctly with the weights as they are and on their nearest levels, on the listener's own data.",
      y: {label: "% of the examples", percent: true}, absent: "Not measured: give the listener some hundred examples with scoring(data).",
      series: [{column: "fullAccuracy", label: "float", color: 5}, {column: "quantizedAccuracy", label: "quantized", color: 5, dash: DASHED}],
    },
    {
      id: "parametershares", title: "Infeasible weights by parameter", note: "Each parameter's weights outside their intervals.",
      y: {label: "% of the weights", percent: true}, series: run => after("infeasible:", run),
    },
    {
      id: "distances", title: "Distance by parameter", note: "Mean distance to the nearest level, in half cells.",
      y: {label: "half cells", log: true}, series: run => after("distance:", run),
    },
    {
      id: "parameterflips", title: "Flips by parameter", note: "Weights whose nearest level has changed since the previous report.",
      y: {label: "weights"}, series: run => after("flips:", run),
    },
  ],
  panels: [{before: "annealing", create: weights}, {create: plan}],
};
