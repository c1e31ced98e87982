import {integer, number} from "ui/format.js";
import {colors} from "ui/theme.js";

const LEFT = 58;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 40;
const FEWEST_PIXELS = 2;

/** Draws bins, the intervals behind them and the levels: {counts, binsPerCell, bands, levels}. */
export function drawWeights(canvas, frame, log) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const total = Math.max(1, frame.counts.reduce((sum, count) => sum + count, 0));
  const box = {left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM};
  const levels = frame.bands.length;
  const x = position => box.left + (position + 0.5) / levels * (box.right - box.left);
  const y = axis((Math.max(...frame.counts) || 1) / total, total, log, box);
  const paint = colors();
  pen.fillStyle = paint.surface;
  pen.fillRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  drawBands(pen, frame.bands, x, box, paint);
  drawShares(pen, y, box, paint);
  drawBins(pen, frame, total, x, y, box, paint);
  drawLevels(pen, frame, x, box, paint);
}

/** The bin at a place of the canvas, in pixels from its left edge; null beside them. */
export function binAt(canvas, frame, left) {
  const levels = frame.bands.length;
  const position = (left - LEFT) / (canvas.clientWidth - RIGHT - LEFT) * levels - 0.5;
  const bin = Math.round((position + 0.5) * frame.binsPerCell);
  return bin >= 0 && bin < frame.counts.length ? bin : null;
}

/** From a share to a height, and the shares that are labelled. */
function axis(largest, total, log, box) {
  const height = box.bottom - box.top;
  if (log) {
    const low = Math.log10(1 / total) - 0.3;
    const high = Math.log10(Math.max(largest, 10 / total)) + 0.1;
    const ticks = [];
    for (let e = Math.ceil(low); e <= high; e++) ticks.push(10 ** e);
    return {ticks, at: share => share <= 0 ? box.bottom : box.bottom - (Math.log10(share) - low) / (high - low) * height};
  }
  const step = niceStep(largest / 4);
  const ticks = [];
  for (let i = 0; i * step <= largest * 1.05; i++) ticks.push(i * step);
  return {ticks, at: share => box.bottom - share / (largest * 1.08) * height};
}

function niceStep(raw) {
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find(factor => factor * power >= raw) ?? 10);
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

function drawShares(pen, y, box, paint) {
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const share of y.ticks) {
    const height = Math.round(y.at(share)) + 0.5;
    pen.fillStyle = paint.line;
    pen.fillRect(box.left, height - 0.5, box.right - box.left, 1);
    pen.fillStyle = paint.muted;
    pen.fillText(number(100 * share) + " %", box.left - 8, height);
  }
}

function drawBins(pen, frame, total, x, y, box, paint) {
  const width = x(1 / frame.binsPerCell) - x(0);
  const bar = Math.max(1.5, width - (width > 4 ? 1 : 0));
  const inside = position => frame.bands.some(([lower, upper]) => position >= lower && position <= upper);
  frame.counts.forEach((count, i) => {
    if (count === 0) return;
    const position = i / frame.binsPerCell - 0.5;
    const top = y.at(count / total);
    pen.fillStyle = inside(position) ? paint.series[0] : paint.series[1];
    pen.fillRect(x(position) - bar / 2, top, bar, Math.max(1, box.bottom - top));
  });
}

function drawLevels(pen, frame, x, box, paint) {
  const levels = frame.bands.length;
  pen.fillStyle = paint.muted;
  pen.fillRect(box.left, box.bottom, box.right - box.left, 1);
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
  pen.fillStyle = paint.muted;
  pen.fillText(frame.levels.length ? "level (weight / scale)" : "level", (box.left + box.right) / 2, box.bottom + 24);
}
