// Making elements. Every text goes in as a text node: there is no way here to turn a string
// into markup.

// el makes an element: el("p.muted", "words") is a paragraph of a class. Where an object
// comes next, its functions named "onclick" and the like listen, "style" is an object, and
// all else is attributes, left out where they are false or missing. The rest is children:
// nodes, texts and lists of them; false and missing ones are left out.
export function el(kind, ...rest) {
  return made((tag) => document.createElement(tag), kind, rest);
}

// svg makes an element of a drawing.
export function svg(kind, ...rest) {
  return made((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag), kind, rest);
}

function made(create, kind, rest) {
  const [tag, ...classes] = kind.split(".");
  const node = create(tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  if (rest[0]?.constructor === Object) set(node, rest.shift());
  node.append(...kept(rest));
  return node;
}

function set(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

// put replaces what is in a node.
export function put(node, ...children) {
  node.replaceChildren(...kept(children));
}

const kept = (children) => children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false);

// folded is a part that is shown when it is opened; make is called once, at the first time.
export function folded(title, make, open = false, onopen = () => {}) {
  const body = el("div.folded");
  let made = false;
  const opened = () => {
    if (!node.open) return;
    if (!made) put(body, make());
    made = true;
    onopen();
  };
  const node = el("details", { ontoggle: opened }, el("summary", title), body);
  node.open = open;
  return node;
}
