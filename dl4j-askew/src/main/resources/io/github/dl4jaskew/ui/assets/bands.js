import {drawGround, drawShares, paper, partAt, shareAxis} from "ui/bars.js";
import {integer, number} from "ui/format.js";

const FEWEST_PIXELS = 2;

/** Draws bins, the intervals behind them and the levels: {counts, binsPerCell, bands, levels}. */
export function drawWeights(canvas, frame, log) {
  const sheet = paper(canvas);
  const {pen, paint, box} = sheet;
  const levels = frame.bands.length;
  const x = position => box.left + (position + 0.5) / levels * (box.right - box.left);
  const y = shareAxis(frame.counts, log, box);
  drawBands(pen, frame.bands, x, box, paint);
  drawShares(sheet, y);
  drawBins(pen, frame, x, y, box, paint);
  drawGround(sheet, frame.levels.length ? "level (weight / scale)" : "level");
  drawLevels(pen, frame, x, box, paint);
}

/** The bin at a place of the canvas, in pixels from its left edge; null beside them. */
export function binAt(canvas, frame, left) {
  const bin = Math.round(partAt(canvas, left) * frame.bands.length * frame.binsPerCell);
  return bin >= 0 && bin < frame.counts.length ? bin : null;
}

function drawBands(pen, bands, x, box, paint) {
  for (const [lower, upper] of bands) {
    const width = Math.max(FEWEST_PIXELS, x(upper) - x(lower));
    const left = (x(lower) + x(upper) - width) / 2;
    pen.fillStyle = paint.accent;
    pen.globalAlpha = 0.13;
    pen.fillRect(left, box.top, width, box.bottom - box.top);
    pen.globalAlpha = 0.45;
    pen.fillRect(left, box.top, 1, box.bottom - box.top);
    pen.fillRect(left + width - 1, box.top, 1, box.bottom - box.top);
    pen.globalAlpha = 1;
  }
}

function drawBins(pen, frame, x, y, box, paint) {
  const width = x(1 / frame.binsPerCell) - x(0);
  const bar = Math.max(1.5, width - (width > 4 ? 1 : 0));
  const inside = position => frame.bands.some(([lower, upper]) => position >= lower && position <= upper);
  frame.counts.forEach((count, i) => {
    if (count === 0) return;
    const position = i / frame.binsPerCell - 0.5;
    const top = y.at(count / y.total);
    pen.fillStyle = inside(position) ? paint.series[0] : paint.series[1];
    pen.fillRect(x(position) - bar / 2, top, bar, Math.max(1, box.bottom - top));
  });
}

function drawLevels(pen, frame, x, box, paint) {
  const levels = frame.bands.length;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const names = Array.from({length: levels}, (_, i) => frame.levels.length ? number(frame.levels[i]).replace("-", "−") : integer(i));
  const widest = Math.max(...names.map(name => pen.measureText(name).width)) + 10;
  const stride = Math.max(1, Math.ceil(widest / (x(1) - x(0))));
  for (let i = 0; i < levels; i++) {
    const labelled = i % stride === 0 || (i === levels - 1 && (levels - 1) % stride > stride / 2);
    pen.fillStyle = paint.muted;
    pen.fillRect(Math.round(x(i)), box.bottom, 1, labelled ? 6 : 3);
    if (!labelled) continue;
    pen.fillStyle = paint.text;
    pen.fillText(names[i], x(i), box.bottom + 8);
  }
}
