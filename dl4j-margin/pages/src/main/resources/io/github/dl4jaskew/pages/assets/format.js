const NONE = "–";

/** Four digits, with an exponent where they would need many zeros. */
export function number(value) {
  if (typeof value !== "number" || Number.isNaN(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace("e+", "e").replace(/\.?0+e/, "e");
  if (size >= 1000) return Math.abs(value - Math.round(value)) < 1e-9 * size ? integer(value) : integer(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

export function integer(value) {
  return value === null || value === undefined ? NONE : Math.round(value).toLocaleString("en-US");
}

export function percent(value) {
  return value === null || value === undefined ? NONE : number(100 * value) + " %";
}

/** Text that is cut in its middle if it is longer than so many characters. */
export function shortened(text, length) {
  return text.length <= length ? text : text.slice(0, length / 2) + "…" + text.slice(-length / 2);
}

export function bytes(value) {
  if (value === null || value === undefined) return NONE;
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return number(value) + " " + units[unit];
}

export function time(milliseconds) {
  if (!milliseconds) return "";
  return new Date(milliseconds).toLocaleString("sv-SE", {dateStyle: "short", timeStyle: "short"});
}
