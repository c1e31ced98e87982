import uPlot from "uplot";
import {colors} from "ui/theme.js";

/** A smoothed value is the mean over this part of a run. */
const SMOOTHED_SHARE = 20;
const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3], [1, 5], [14, 4]];

/**
 * The lines of a chart: [{key, column, label, run, values, color, dash}]. With several runs, colour tells the run and dashes
 * tell the series, and series that are "alone" are left out.
 */
export function linesOf(definition, runs) {
  const palette = colors().series;
  const several = runs.length > 1;
  const lines = [];
  for (const run of runs) {
    const asked = typeof definition.series === "function" ? definition.series(run) : definition.series;
    asked.filter(series => !(several && series.alone)).forEach((series, i) => {
      const values = series.values ? series.values(run) : run.column(series.column);
      if (!values || !values.some(value => value !== null && value !== undefined)) return;
      const name = series.column ?? series.id ?? series.label;
      lines.push({
        key: `${run.id}/${name}`,
        column: name,
        run,
        values,
        label: series.label,
        color: palette[(several ? run.index : series.color ?? i) % palette.length],
        dash: several ? DASHES[i % DASHES.length] : series.dash ?? DASHES[Math.floor(i / palette.length) % DASHES.length],
      });
    });
  }
  return lines;
}

/** Each value as the mean of those around it, geometric on a logarithmic axis; at the ends of as many on both sides. */
export function smoothed([x, ...columns], log) {
  const to = log ? Math.log : v => v;
  const from = log ? Math.exp : v => v;
  return [x, ...columns.map(values => {
    const there = values.flatMap((value, i) => value === null || value === undefined ? [] : [i]);
    const sums = [0];
    there.forEach(i => sums.push(sums.at(-1) + to(values[i])));
    const most = Math.max(1, Math.round(there.length / SMOOTHED_SHARE / 2));
    const means = values.slice();
    there.forEach((i, k) => {
      const reach = Math.min(most, k, there.length - 1 - k);
      means[i] = from((sums[k + reach + 1] - sums[k - reach]) / (2 * reach + 1));
    });
    return means;
  })];
}

/** The columns that are drawn: [x, y1, y2, ...]. undefined is no number, null one that a logarithm has no place for. */
export function alignedData(lines, xLog, yLog) {
  if (lines.length === 0) return [[]];
  const tables = [];
  for (const run of new Set(lines.map(line => line.run))) {
    const from = xLog ? run.x.findIndex(x => x > 0) : 0;
    const cut = values => from <= 0 ? values : values.slice(from);
    const own = lines.filter(line => line.run === run).map(line => cut(line.values).map(v => drawn(v, yLog)));
    tables.push([from < 0 ? [] : cut(run.x), ...own]);
  }
  return tables.length === 1 ? tables[0] : uPlot.join(tables);
}

function drawn(value, log) {
  if (value === null || value === undefined) return undefined;
  return log && value <= 0 ? null : value;
}
