// What a page shows is said in the fragment of its address, such as
// #find?from=demand&id=D-BAT1, so that a link to it can be sent. Browsers do not send
// fragments to servers: a pasted demand is in no log of addresses.

// link is the address of a page with what is set of its state.
export function link(page, state = {}) {
  const q = new URLSearchParams(Object.entries(state).filter(([, v]) => v !== undefined && v !== null && v !== ""));
  const text = q.toString();
  return "#" + page + (text && "?" + text);
}

// here is the page and the state that the address says.
export function here() {
  const [, page, text] = /^#?([^?]*)\??(.*)$/s.exec(location.hash);
  return { page: page || "find", state: Object.fromEntries(new URLSearchParams(text)) };
}

// go shows another page.
export function go(page, state) {
  location.hash = link(page, state);
}

// note changes what the address says without showing the page anew.
export function note(page, state) {
  history.replaceState(null, "", link(page, state));
}

// recordLink is the page of a record.
export const recordLink = (kind, id, revision) => link("record", { kind, id, revision });

// matchLink is the page of a record's matches.
export const matchLink = (kind, id) => link("find", { from: kind, id });
