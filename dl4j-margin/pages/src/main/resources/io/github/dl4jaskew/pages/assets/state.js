/** What a reader has chosen, behind the # of the address, where it survives a reload and can be passed on. */
function parameters() {
  return new URLSearchParams(location.hash.slice(1));
}

/** A choice, or null for the default. */
export function chosen(name) {
  return parameters().get(name);
}

/** Remembers a choice; null forgets it. */
export function choose(name, value) {
  const all = parameters();
  if (value === null || value === undefined) all.delete(name);
  else all.set(name, value);
  try {
    history.replaceState(null, "", "#" + all);
  } catch {
    // A document without an address of its own: the choice holds until the page is left.
  }
}
