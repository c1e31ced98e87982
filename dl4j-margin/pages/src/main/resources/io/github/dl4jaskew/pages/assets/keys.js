/** Lets a chart be read and enlarged by keys. */
export const HINT = "Arrow keys read the values, plus and minus enlarge and shrink, 0 shows all.";

export function listenToKeys(chart) {
  chart.plotNode.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !chart.plot) return;
    const step = event.shiftKey ? 10 : 1;
    const action = {
      ArrowLeft: () => move(chart, -step),
      ArrowRight: () => move(chart, step),
      Home: () => move(chart, -Infinity),
      End: () => move(chart, Infinity),
      "+": () => enlarge(chart, 0.5),
      "=": () => enlarge(chart, 0.5),
      "-": () => enlarge(chart, 2),
      "0": () => chart.page.zoom(null),
      Escape: () => chart.page.zoom(null),
    }[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}

function move(chart, step) {
  const [x] = chart.data;
  if (x.length === 0) return;
  const now = chart.index ?? (step < 0 ? x.length : -1);
  chart.select(Math.max(0, Math.min(x.length - 1, now + step)));
  chart.announce();
}

/** Shows a part of the iterations that is the factor as wide, or all. */
export function enlarge(chart, factor) {
  const {min, max} = chart.plot.scales.x;
  const [x] = chart.data;
  const log = chart.xLog;
  const to = log ? Math.log : v => v;
  const from = log ? Math.exp : v => v;
  const centre = to(x[chart.index] ?? from((to(min) + to(max)) / 2));
  const half = (to(max) - to(min)) * factor / 2;
  const low = Math.max(x[0], from(centre - half));
  const high = Math.min(x[x.length - 1], from(centre + half));
  const all = chart.page.bounds();
  if (factor > 1 && low <= all.min && high >= all.max) chart.page.zoom(null);
  else if (factor > 1) chart.page.zoom({min: Math.max(all.min, from(centre - half)), max: Math.min(all.max, from(centre + half))});
  else if (high > low) chart.page.zoom({min: low, max: high});
}
