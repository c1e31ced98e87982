/** An element. Text becomes text nodes, never markup; attributes "on..." are listeners; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

/** A button; with "pressed" it is one that stays down. */
export function button(label, onclick, {title, pressed} = {}) {
  return h("button", {type: "button", class: "button", title, "aria-pressed": pressed === undefined ? null : String(pressed), onclick}, label);
}

export function isPressed(node) {
  return node.getAttribute("aria-pressed") === "true";
}

export function press(node, pressed) {
  node.setAttribute("aria-pressed", String(pressed));
}
