import {h} from "ui/dom.js";
import {colors} from "ui/theme.js";

function save(name, blob) {
  const address = URL.createObjectURL(blob);
  h("a", {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A cell that no spreadsheet takes for a formula. */
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

export function csv(head, rows) {
  return [head, ...rows].map(row => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function saveCsv(name, head, rows) {
  save(name, new Blob([csv(head, rows)], {type: "text/csv;charset=utf-8"}));
}

/** A drawing with its title and its legend: [{label, color, dash}]. */
export function savePng(name, canvas, {title = "", legend = [], scale = devicePixelRatio || 1} = {}) {
  const picture = withTitle(canvas, title, legend, scale);
  picture.toBlob(blob => save(name, blob), "image/png");
}

export function withTitle(canvas, title, legend, scale) {
  const {surface, text} = colors();
  const line = 20 * scale;
  const head = title ? 2 * line : 0;
  const picture = h("canvas", {width: canvas.width, height: canvas.height + head + line * legend.length});
  const pen = picture.getContext("2d");
  pen.fillStyle = surface;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(canvas, 0, head);
  pen.textBaseline = "middle";
  pen.fillStyle = text;
  pen.font = `600 ${15 * scale}px system-ui, sans-serif`;
  pen.fillText(title, line / 2, line, picture.width - line);
  pen.font = `${12 * scale}px system-ui, sans-serif`;
  pen.lineWidth = 2 * scale;
  legend.forEach(({label, color, dash = []}, i) => {
    const y = head + canvas.height + (i + 0.5) * line;
    pen.strokeStyle = color;
    pen.setLineDash(dash.map(length => length * scale));
    pen.beginPath();
    pen.moveTo(line / 2, y);
    pen.lineTo(1.5 * line, y);
    pen.stroke();
    pen.fillStyle = text;
    pen.fillText(label, 2 * line, y, picture.width - 2.5 * line);
  });
  return picture;
}
