import uPlot from "uplot";
import {colors} from "ui/theme.js";
import {integer, number} from "ui/format.js";

const HEIGHT = 260;
const FONT = "12px system-ui, sans-serif";
const LOG = 3;

/** The first twentieth of a run may be outside a chart, if it would take more than 5/6 of the height. */
const FIRST_SHARE = 20;
const SQUASHED = 6;
const FEWEST_POINTS = 20;

/** How uPlot draws a chart. */
export function options(chart) {
  const theme = colors();
  return {
    width: Math.max(200, chart.plotNode.clientWidth),
    height: HEIGHT,
    legend: {show: false},
    padding: [16, 28, 0, 0],
    cursor: {
      sync: {key: "dl4j"},
      points: {size: 7},
      drag: {x: true, y: false, setScale: false},
      bind: {dblclick: () => () => chart.page.zoom(null)},
    },
    scales: {
      x: {time: false, distr: chart.xLog ? LOG : 1, range: (plot, min, max) => xRange(chart, min, max)},
      y: {distr: chart.yLog ? LOG : 1, range: (plot, min, max) => yRange(chart, min, max)},
    },
    axes: [axis(theme, chart.xLabel(), integer, 30, chart.xLog), axis(theme, chart.definition.y?.label ?? "", chart.format, yWidth, chart.yLog)],
    series: [{}, ...chart.lines.map(line => ({
      label: line.key,
      stroke: line.color,
      width: 1.75,
      dash: line.dash,
      show: !chart.hidden.has(line.key),
      points: {size: 5},
    }))],
    bands: bandsOf(chart),
    hooks: {
      setCursor: [plot => chart.pointed(plot.cursor.idx)],
      setSelect: [plot => zoomTo(chart, plot)],
      draw: [plot => drawMarks(plot, chart.marks(), theme)],
    },
  };
}

function axis(theme, label, format, size, log) {
  const filter = log ? {filter: wholePowers} : {};
  return {
    label,
    font: FONT,
    labelFont: FONT,
    labelSize: 20,
    labelGap: 2,
    stroke: theme.muted,
    grid: {stroke: theme.line, width: 1, ...filter},
    ticks: {stroke: theme.line, width: 1, size: 4, ...filter},
    values: (plot, places) => places.map(place => place === null || place === undefined ? "" : format === integer && place % 1 !== 0 ? number(place) : format(place)),
    size,
    ...filter,
  };
}

/** Of the lines of a logarithmic axis over more than a decade, those of the powers of ten; at most eight. */
function wholePowers(plot, places) {
  const powers = places.filter(isPower).length;
  if (powers < 2) return places;
  const step = Math.ceil(powers / 8);
  return places.map(place => isPower(place) && Math.round(Math.log10(place)) % step === 0 ? place : null);
}

function isPower(place) {
  const power = Math.log10(place);
  return Math.abs(power - Math.round(power)) < 1e-9;
}

function yWidth(plot, labels) {
  return 20 + 7 * Math.max(4, ...(labels ?? []).map(label => label.length));
}

function xRange(chart, min, max) {
  const range = chart.page.range;
  if (range) return [chart.xLog ? Math.max(range.min, 1e-3) : range.min, range.max];
  if (min === max) return [chart.xLog ? min / 2 : min - 1, chart.xLog ? max * 2 : max + 1];
  return [min, max];
}

/** All values, or those from a place on which the page finds worth seeing, if nobody has enlarged the chart. */
function yRange(chart, min, max) {
  chart.cut.hidden = true;
  if (chart.yLog) return uPlot.rangeLog(min, max, 10, false);
  const from = chart.page.range ? null : chart.focus();
  if (from !== null) [min, max] = extent(chart, from) ?? [min, max];
  else if (!chart.page.range) [min, max] = settled(chart, min, max);
  return uPlot.rangeNum(min, max, 0.1, false);
}

/** Without the first points, if these alone press all others into a small part of the height; the chart says so then. */
function settled(chart, min, max) {
  const [x] = chart.data;
  const others = x.length < FEWEST_POINTS ? null : extent(chart, x[Math.ceil(x.length / FIRST_SHARE)]);
  const squashed = others !== null && others[1] > others[0] && max - min > SQUASHED * (others[1] - others[0]);
  chart.cut.hidden = !squashed;
  return squashed ? others : [min, max];
}

function extent(chart, from) {
  const [x, ...columns] = chart.data;
  const first = x.findIndex(place => place >= from);
  let min = Infinity;
  let max = -Infinity;
  columns.forEach((values, i) => {
    if (chart.hidden.has(chart.lines[i].key)) return;
    for (let k = Math.max(0, first); k < values.length; k++) {
      if (values[k] < min) min = values[k];
      if (values[k] > max) max = values[k];
    }
  });
  return first >= 0 && min <= max ? [min, max] : null;
}

function zoomTo(chart, plot) {
  const {left, width} = plot.select;
  if (width > 4) {
    plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
    chart.page.zoom({min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x")});
  }
}

function bandsOf(chart) {
  const bands = [];
  for (const run of chart.runs.length === 1 ? chart.runs : []) {
    for (const [a, b] of chart.definition.bands ?? []) {
      const places = [b, a].map(column => 1 + chart.keys.indexOf(`${run.id}/${column}`));
      if (places[0] > 0 && places[1] > 0) {
        bands.push({series: places, fill: chart.lines[places[0] - 1].color + "22"});
      }
    }
  }
  return bands;
}

function drawMarks(plot, marks, theme) {
  const pen = plot.ctx;
  const {left, top, width, height} = plot.bbox;
  const scale = devicePixelRatio || 1;
  const shown = marks.filter(({x}) => x >= plot.scales.x.min && x <= plot.scales.x.max);
  const labelled = new Map(shown.map(mark => [mark.label, mark]));
  pen.save();
  pen.font = `${11 * scale}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  shown.forEach(mark => {
    const {x, label, color} = mark;
    const place = Math.round(plot.valToPos(x, "x", true));
    pen.strokeStyle = color;
    pen.lineWidth = scale;
    pen.setLineDash([4 * scale, 4 * scale]);
    pen.beginPath();
    pen.moveTo(place, top);
    pen.lineTo(place, top + height);
    pen.stroke();
    if (labelled.get(label) !== mark) return;
    const toLeft = place + pen.measureText(label).width + 8 * scale > left + width;
    pen.textAlign = toLeft ? "right" : "left";
    pen.fillStyle = theme.muted;
    pen.fillText(label, place + (toLeft ? -4 : 4) * scale, top + 2 * scale);
  });
  pen.restore();
}
