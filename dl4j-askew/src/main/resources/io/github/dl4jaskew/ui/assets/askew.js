import {integer, percent} from "ui/format.js";
import {plan} from "askew/plan.js";
import {weights} from "askew/weights.js";

const after = (prefix, run) => run.columnNames(prefix).map(column => ({column, label: column.slice(prefix.length)}));

export default {
  name: "askew",
  title: "Quantized weights",
  lead: "How the intervals close around the levels, and how the weights follow. Distances are in half cells: 0 on a level, 1 in"
    + " the middle between two. Drag over a chart to enlarge, double-click to see all.",
  empty: "No run has reports yet. Add new AskewListener(10).to(new AskewStorage(storage, \"my run\")) to your network's listeners,"
    + " and attach the same storage: AskewPage.attach(storage).",
  tiles: [
    {label: "iteration", value: run => integer(run.whole.x.at(-1)), hint: "of the newest report"},
    {label: "eps", value: run => run.last("epsilon"), hint: "1: no constraint, 0: on the levels"},
    {label: "tau", value: run => run.last("tau"), hint: "inner edge of the intervals, in half cells from the middle of a cell"},
    {label: "infeasible", value: run => percent(run.last("infeasible")), hint: "share of weights outside the intervals"},
    {label: "grid distance", value: run => run.last("meanDistance"), hint: "mean, in half cells"},
    {label: "flips", value: run => integer(run.last("flips")), hint: "weights with another nearest level than at the report before"},
    {label: "score", value: run => run.last("full") ?? run.last("score"), hint: "loss of the weights as they are"},
    {label: "quantized score", value: run => run.last("quantized"), hint: "loss of the weights on their nearest levels"},
  ],
  charts: [
    {
      id: "annealing", title: "eps and tau", note: "The intervals close as eps falls to 0 and tau = sqrt(1 - sqrt(eps)) rises to 1.",
      y: {label: "eps, tau"}, series: [{column: "epsilon", label: "eps"}, {column: "tau", label: "tau"}],
    },
    {
      id: "infeasible", title: "Infeasible share", note: "Share of the constrained weights outside their intervals, which the rule draws back.",
      y: {label: "share"}, series: [{column: "infeasible", label: "infeasible"}],
    },
    {
      id: "distance", title: "Distance to the grid", note: "From the nearest level, in half cells. What is left at the end is what rounding changes.",
      y: {label: "half cells", log: true}, series: [{column: "meanDistance", label: "mean"}, {column: "maxDistance", label: "largest"}],
    },
    {
      id: "flips", title: "Flips", note: "Weights whose nearest level has changed since the report before.",
      y: {label: "weights"}, series: [{column: "flips", label: "flips"}],
    },
    {
      id: "score", title: "Float and quantized score",
      note: "Loss of the weights as they are and on their nearest levels, on the listener's own data; and of the last minibatch.",
      y: {label: "loss"},
      series: run => [["full", "float"], ["quantized", "quantized"], ["score", "minibatch"]]
        .filter(([column]) => run.columnNames().includes(column)).map(([column, label]) => ({column, label})),
    },
    {
      id: "parametershares", title: "Infeasible share by parameter", note: "Share of each parameter's weights outside their intervals.",
      y: {label: "share"}, series: run => after("infeasible:", run),
    },
    {
      id: "distances", title: "Distance by parameter", note: "Mean distance to the nearest level, in half cells.",
      y: {label: "half cells", log: true}, series: run => after("distance:", run),
    },
    {
      id: "parameterflips", title: "Flips by parameter", note: "Weights whose nearest level has changed since the report before.",
      y: {label: "weights"}, series: run => after("flips:", run),
    },
  ],
  panels: [{before: "annealing", create: weights}, {create: plan}],
};
