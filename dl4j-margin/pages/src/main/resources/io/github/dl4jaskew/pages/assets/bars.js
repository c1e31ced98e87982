import {number} from "ui/format.js";
import {colors} from "ui/theme.js";

const LEFT = 58;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 40;

/** A canvas as wide as its place on the screen, empty; its pen, colours, and the box of its bars. */
export function paper(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const paint = colors();
  pen.fillStyle = paint.surface;
  pen.fillRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  return {pen, paint, box: {left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM}};
}

/** Which part of the box is to the left of a place of the canvas, in pixels from its left edge. */
export function partAt(canvas, left) {
  return (left - LEFT) / (canvas.clientWidth - RIGHT - LEFT);
}

/** From a count to a height, as a share of the total, and the shares that are labelled. */
export function shareAxis(counts, log, box) {
  const total = Math.max(1, counts.reduce((sum, count) => sum + count, 0));
  const largest = (Math.max(...counts) || 1) / total;
  const height = box.bottom - box.top;
  if (log) {
    const low = Math.log10(1 / total) - 0.3;
    const high = Math.log10(Math.max(largest, 10 / total)) + 0.1;
    const ticks = [];
    for (let e = Math.ceil(low); e <= high; e++) ticks.push(10 ** e);
    return {total, ticks, at: share => share <= 0 ? box.bottom : box.bottom - (Math.log10(share) - low) / (high - low) * height};
  }
  const step = niceStep(largest / 4);
  const ticks = [];
  for (let i = 0; i * step <= largest * 1.05; i++) ticks.push(i * step);
  return {total, ticks, at: share => box.bottom - share / (largest * 1.08) * height};
}

/** 1, 2 or 5 times a power of ten, not below a number. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find(factor => factor * power >= least) ?? 10);
}

/** Lines across the box, with their shares. */
export function drawShares({pen, paint, box}, y) {
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

/** The line below the bars, and in the middle what stands on it. */
export function drawGround({pen, paint, box}, label) {
  pen.fillStyle = paint.muted;
  pen.fillRect(box.left, box.bottom, box.right - box.left, 1);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillText(label, (box.left + box.right) / 2, box.bottom + 24);
}
