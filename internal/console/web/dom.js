// Making elements. Every text goes in as a text node: there is no way here to turn a string
// into markup.

// el makes an element. Of props, functions named "onclick" and the like listen, "style" is
// an object, and the others are attributes, left out where they are false or missing.
// Children are nodes, texts and lists of them; false and missing ones are left out.
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

// svg makes an element of a drawing.
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...kept(children));
  return node;
}

// put replaces what is in a node.
export function put(node, ...children) {
  node.replaceChildren(...kept(children));
}

const kept = (children) => children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false);

// folded is a part that is shown when it is opened; make is called once, at the first time.
export function folded(title, make, open = false, onopen = () => {}) {
  const body = el("div", { class: "folded" });
  let made = false;
  const opened = () => {
    if (!node.open) return;
    if (!made) put(body, make());
    made = true;
    onopen();
  };
  const node = el("details", { ontoggle: opened }, el("summary", {}, title), body);
  node.open = open;
  return node;
}
