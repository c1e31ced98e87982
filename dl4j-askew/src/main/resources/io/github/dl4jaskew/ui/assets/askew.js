import {integer} from "ui/format.js";
import {plan} from "askew/plan.js";
import {weights} from "askew/weights.js";

const after = (prefix, run) => run.columnNames(prefix).map(column => ({column, label: column.slice(prefix.length)}));

export default {
  name: "askew",
  title: "Quantized weights",
  lead: "How the intervals close around the levels, and how the weights follow. Distances are in half cells: 0 on a level, 1 in"
    + " the middle between two. Drag over a chart, or use the buttons, to zoom.",
  empty: "No run has reports yet. Add new AskewListener(10).to(new AskewStorage(storage, \"my run\")) to your network's listeners,"
    + " and attach the same storage: AskewPage.attach(storage).",
  tiles: [
    {label: "iteration", value: run => integer(run.whole.x.at(-1)), hint: "of the newest report"},
    {label: "eps", value: run => run.last("epsilon"), hint: "1: no constraint, 0: on the levels"},
    {label: "tau", value: run => run.last("tau"), hint: "inner edge of the intervals, in half cells from the middle of a cell"},
    {label: "mean distance", value: run => run.last("meanDistance"), hint: "to the nearest level, in half cells"},
    {label: "largest distance", value: run => run.last("maxDistance"), hint: "to the nearest level, in half cells"},
    {label: "flips", value: run => integer(run.last("flips")), hint: "weights with another nearest level than in the previous report"},
    {label: "score", value: run => run.last("full") ?? run.last("score"), hint: "loss of the weights as they are"},
    {label: "quantized score", value: run => run.last("quantized"), hint: "loss of the weights on their nearest levels"},
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
      series: run => [["full", "float", 5], ["quantized", "quantized", 0], ["score", "minibatch", 7]]
        .filter(([column]) => run.columnNames().includes(column)).map(([column, label, color]) => ({column, label, color})),
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
