import {integer, percent} from "ui/format.js";
import {histogram} from "margin/histogram.js";
import {notes} from "margin/notes.js";

const GRADIENTS = "Not measured: build the tracker with gradients().";
const QUANTILES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9];
const after = (prefix, run) => run.columnNames(prefix).map(column => ({column, label: column.slice(prefix.length)}));

function lateStage(run) {
  const stage = run.latest?.stage;
  if (!stage) return [];
  return [
    stage.lastLeft !== undefined ? {x: stage.lastLeft, label: "left late stage"} : null,
    stage.entered && stage.entry !== undefined ? {x: stage.entry, label: "late stage"} : null,
  ].filter(mark => mark !== null);
}

/** From where the smoothed margin, which begins far below 0, is positive. */
function positive(run) {
  return run.latest?.stage?.firstBelowThreshold ?? null;
}

/** Why there is no such number: what the newest measurement gives as its reason, or else how to ask for it. */
function because(otherwise, ...subjects) {
  return runs => {
    const reasons = runs.flatMap(run => run.latest?.reasons ?? []).filter(reason => subjects.some(s => reason.startsWith(s + ":")));
    return reasons.length > 0 ? `Not measured. ${[...new Set(reasons)].join("; ")}` : otherwise;
  };
}

/** 1 minus a share, which a logarithmic axis shows better near 1. */
function rest(run, name) {
  return run.column(name)?.map(value => value === null ? null : 1 - value);
}

export default {
  name: "margin",
  title: "Margins",
  lead: "What late training does to a homogeneous network. Margins are those of the training data; rho is the norm of all"
    + " trained weights and L the degree of homogeneity. Drag over a chart, or use the buttons, to zoom.",
  empty: "No run has margins yet. Add new MarginListener(tracker).to(new MarginStorage(storage, \"my run\")) to your network's"
    + " listeners, and attach the same storage: MarginPage.attach(storage).",
  tiles: [
    {label: "iteration", value: run => integer(run.whole.x.at(-1)), hint: "of the newest measurement"},
    {label: "normalized margin", value: run => run.last("normalizedMargin"), hint: "smallest margin / rho^L"},
    {label: "progress", value: run => percent(run.last("progress")), hint: "normalized margin / its predicted limit"},
    {label: "smallest margin", value: run => (run.latest?.upperBound ? "≤ " : "") + format(run.last("minimumMargin"))},
    {label: "accuracy", value: run => percent(run.last("accuracy")), hint: "share of margins above 0"},
    {label: "norm rho", value: run => run.last("norm")},
    {label: "degree L", value: run => run.last("degree")},
    {label: "late stage", value: run => run.latest?.stage?.entered ? "since " + integer(run.latest.stage.entry) : "not entered"},
  ],
  charts: [
    {
      id: "margin", title: "Normalized margin", note: "Smallest margin and smoothed margin, both divided by rho^L; the axis is scaled to the positive values.",
      y: {label: "margin / rho^L"}, marks: lateStage, focus: positive, absent: because("These runs have no normalized margin.", "degree", "norm"),
      series: [{column: "normalizedMargin", label: "normalized"}, {column: "smoothedMargin", label: "smoothed"}],
    },
    {
      id: "near", title: "Margin of a nearly homogeneous network", note: "Smallest margin over rho^L with biases, and what batch norm takes the scale away from, left out of rho and L; not comparable with the normalized margin.",
      y: {label: "margin / rho^L"}, marks: lateStage, absent: because("Not measured: build the tracker with nearHomogeneous().", "near margin"),
      series: [{column: "nearNormalizedMargin", label: "without biases"}],
    },
    {
      id: "progress", title: "Progress", note: "Normalized margin over its predicted limit, one over the slope of rho^L against the logarithm of the summed learning rates, and the sum of the effective steps, the clock of the direction.",
      y: {label: "share, sum"}, marks: lateStage, absent: because("These runs have no progress.", "progress and effective step", "degree", "loss"),
      series: [{column: "progress", label: "progress"}, {column: "effectiveTime", label: "sum of effective steps"}],
    },
    {
      id: "quantiles", title: "Margins of the examples", note: "The smallest margin, and the margins below which a share of the examples lies.",
      y: {label: "margin"}, marks: lateStage,
      series: [{column: "minimumMargin", label: "smallest"},
        ...QUANTILES.map(q => ({column: "quantile:" + q, label: integer(100 * q) + " %", alone: q !== 0.5}))],
      bands: [["quantile:0.01", "quantile:0.9"], ["quantile:0.25", "quantile:0.75"]],
    },
    {
      id: "norm", title: "Growth of the norm", note: "rho^L over the logarithm of the iterations: a straight line where theory says so.",
      x: {log: true}, y: {label: "rho^L"}, marks: lateStage, absent: because("These runs have no rho^L.", "degree", "norm"),
      series: [{column: "poweredNorm", label: "rho^L"}],
    },
    {
      id: "loss", title: "Training loss", note: "Natural logarithm of the sum of the losses, which holds where the loss itself is below any float.",
      y: {label: "log of summed loss"}, marks: lateStage, series: [{column: "logLossSum", label: "log loss"}],
    },
    {
      id: "alignment", title: "Alignment", note: "Cosine between the weights and the negative gradient of the full loss; 1 in the limit.",
      y: {label: "cosine"}, marks: lateStage, absent: because(GRADIENTS, "gradient", "loss", "degree"),
      series: [{column: "alignment", label: "alignment"}, {column: "windowedAlignment", label: "averaged"}, {column: "windowRadius", label: "radius of the average"},
        {column: "nearKinks", label: "share near kinks"}],
    },
    {
      id: "kkt", title: "KKT residuals", note: "How far the weights are from a stationary point of the maximum-margin problem; the last one needs marginStationarity().",
      y: {label: "residual", log: true}, marks: lateStage, absent: because(GRADIENTS, "gradient", "loss", "degree"),
      series: [{column: "kktEpsilon", label: "epsilon"}, {column: "kktDelta", label: "delta"},
        {column: "stationarity", label: "tangent of the angle"},
        {column: "marginTangent", label: "tangent by the margins' gradients"}],
    },
    {
      id: "layers", title: "Norms of the layers", note: "Euclidean norm of each layer's trained weights.",
      y: {label: "norm"}, marks: lateStage, series: run => after("layer:", run),
    },
    {
      id: "balance", title: "Balance of the layers", note: "Difference of the squared norms of layers that follow each other; gradient flow keeps it.",
      y: {label: "difference"}, marks: lateStage, absent: because("There is one layer only.", "product of norms and balance", "degree"), series: run => after("balance:", run),
    },
    {
      id: "collapse", title: "Neural collapse", note: "Of the last hidden layer: spread within classes, of class means, distance to a simplex and to its dual; all 0 in the limit.",
      y: {label: "distance", log: true}, marks: lateStage, absent: because("Not measured: build the tracker with neuralCollapse().", "collapse"),
      series: [{column: "variability", label: "NC1 variability"}, {column: "normSpread", label: "NC2 norms"},
        {column: "angleSpread", label: "NC2 angles"}, {column: "simplexGap", label: "NC2 simplex"}, {column: "dualityGap", label: "NC3 duality"},
        {column: "squaredDualityGap", label: "NC3 squared"}, {column: "classifierNormSpread", label: "NC2 norms of the classifier"},
        {column: "classifierAngleSpread", label: "NC2 angles of the classifier"}, {column: "classifierSimplexGap", label: "NC2 simplex of the classifier"},
        {id: "NC4", label: "NC4 disagreement", values: run => rest(run, "centerAgreement")}],
    },
    {
      id: "robustness", title: "Distance to the decision boundary", note: "To first order, in the euclidean norm of the features: smallest and median of the examples; and the certified distance, a lower bound.",
      y: {label: "distance"}, marks: lateStage, absent: because("Not measured: build the tracker with robustness().", "distance to the decision boundary", "certificate"),
      series: [{column: "medianDistance", label: "median"}, {column: "smallestDistance", label: "smallest"}, {column: "certificate", label: "certificate"}],
    },
    {
      id: "spectra", title: "Spectral norms of the layers", note: "Largest singular value of each layer's weights as a matrix of outputs and inputs.",
      y: {label: "spectral norm"}, marks: lateStage, absent: "Not measured: build the tracker with robustness().", series: run => after("spectral:", run),
    },
    {
      id: "ranks", title: "Stable ranks of the layers", note: "Squared Frobenius norm over squared spectral norm.",
      y: {label: "stable rank"}, marks: lateStage, absent: "Not measured: build the tracker with robustness().", series: run => after("stableRank:", run),
    },
    {
      id: "support", title: "Support", note: "How many examples the gradient comes from.",
      y: {label: "examples", log: true}, marks: lateStage, absent: because(GRADIENTS, "gradient", "loss", "degree"),
      series: [{column: "effectiveSupport", label: "effective support"}],
    },
    {
      id: "drift", title: "Drift of the direction", note: "How far the direction w / rho moved since the previous measurement, and the deviation from Euler's identity.",
      y: {label: "distance", log: true}, marks: lateStage,
      series: [{column: "drift", label: "drift"}, {column: "eulerResidual", label: "Euler residual"}],
    },
  ],
  panels: [{create: histogram, before: "norm"}, {create: notes}],
};

function format(value) {
  return value === null ? "–" : Number(value.toPrecision(4)).toString();
}
