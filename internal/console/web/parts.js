// Pieces that several pages are made of.
import { recordLink } from "./address.js";
import { Failure } from "./api.js";
import { el, put, svg } from "./dom.js";
import { pieces, steps } from "./spans.js";
import { fixed, list, name, percent, region, signed, t } from "./words.js";

// attempt does something for a node, and tells there why it failed. What was given up by
// signal is no failure.
export async function attempt(node, signal, what) {
  node.setAttribute("aria-busy", "true");
  try {
    await what();
  } catch (err) {
    if (signal.aborted) return;
    if (!(err instanceof Failure)) console.error(err);
    node.append(failed(err));
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function failed(err) {
  const again = () => dispatchEvent(new Event("hashchange"));
  return el(
    "div.notice.bad",
    { role: "alert" },
    el("b", t("error.title")),
    el("p", err.message),
    err.code !== 404 && el("button", { type: "button", onclick: again }, t("again")),
  );
}

// awaited gives what a promise does, and says meanwhile in a node that it is on its way.
export async function awaited(node, promise) {
  put(node, el("p.muted", { role: "status" }, t("loading")));
  try {
    return await promise;
  } finally {
    put(node);
  }
}

// heading begins a page.
export const heading = (title, lead) => [el("h1", title), lead && el("p.lead", lead)];

// field is a labelled control.
export const field = (label, control) => el("label.field", el("span", label), control);

// select is a list to choose from: pairs of value and words.
export function select(props, options, value = "") {
  const node = el(
    "select",
    props,
    options.map(([v, words]) => el("option", { value: v }, words)),
  );
  node.value = value;
  return node;
}

// levels from none to strong; their places are their numbers less one.
export const levels = ["LEVEL_NONE", "LEVEL_WEAK", "LEVEL_RATHER_STRONG", "LEVEL_STRONG"];
export const levelNumber = (level) => levels.indexOf(level) + 1;

// kindOf is patent or demand, of a name such as RECORD_KIND_PATENT.
export const kindOf = (recordKind) => (recordKind === "RECORD_KIND_PATENT" ? "patent" : "demand");

// idOf is the number of a patent or the id of a demand.
export const idOf = (record) => record.number ?? record.id;

// bodyOf is what a record says besides its title, by the names of its fields.
export const bodyOf = (kind) => (kind === "patent" ? ["abstract", "claims"] : ["text"]);

// titleLink leads to a record by its title.
export function titleLink(kind, record) {
  return el("a", { href: recordLink(kind, idOf(record), record.info?.revision) }, record.title || idOf(record));
}

// hidden tells whether the other side may not see a field of a demand.
export const hidden = (r, key) => r.confidential_fields?.some((f) => key === f || key.startsWith(f + "."));

// facts are what tells most of a record, in one line. Who only passes by the record there does
// not see what a demand keeps back.
export function facts(kind, r) {
  const open = (field, words) => (hidden(r, "enterprise." + field) ? "" : words);
  const holder =
    kind === "patent"
      ? list(r.applicants.map((a) => a.name))
      : hidden(r, "enterprise.name")
        ? t("facts.confidential")
        : r.enterprise?.name;
  const place = kind === "patent" ? r.region : open("region", r.enterprise?.region);
  const about =
    kind === "patent"
      ? [r.legal_status && known(r.legal_status), ...r.ipc.slice(0, 2)]
      : [open("kind", known(r.enterprise?.kind)), open("industry", r.enterprise?.industry)];
  return el(
    "p.facts",
    el("span.mono", idOf(r)),
    [holder, place && region(place), ...about].filter(Boolean).map((f) => el("span", f)),
    r.transfer_modes.map((m) => el("span", { class: "chip " + (special.has(m) ? "special" : "") }, name(m))),
  );
}

const special = new Set(["TRANSFER_MODE_OPEN_LICENCE", "TRANSFER_MODE_USE_FIRST_PAY_LATER"]);

// known names a value of an enum; empty for the one that says nothing.
export const known = (value) => (!value || value.endsWith("_UNSPECIFIED") ? "" : name(value));

// badge shows a level with its number, and its words beside the colour.
export function badge(level) {
  const n = levelNumber(level);
  return n > 0 && el("span", { class: "badge level" + n }, `${n} ${name(level)}`);
}

// verdicts from the best to the worst, with the sign that stands for each.
export const verdicts = { VERDICT_COVERED: "✓", VERDICT_PARTLY: "◐", VERDICT_CONTRADICTED: "✗", VERDICT_MISSING: "?" };

// verdict shows how far an element is served.
export function verdict(v) {
  return el(
    "span",
    { class: "verdict " + verdictClass(v) },
    el("i", { "aria-hidden": "true" }, verdicts[v] ?? "·"),
    " ",
    known(v),
  );
}

export const verdictClass = (v) => v.replace("VERDICT_", "").toLowerCase();

// marked is a text with places marked: each mark has span, a class of style and, where it
// belongs to something that is told elsewhere, a key.
export function marked(text, marks) {
  return pieces(
    text,
    marks.map((m) => m.span),
  ).map((p) => {
    if (!p.in.length) return p.text;
    const here = p.in.map((i) => marks[i]);
    return el(
      "mark",
      {
        class: [...new Set(here.map((m) => m.style))].join(" "),
        "data-key":
          here
            .map((m) => m.key)
            .filter(Boolean)
            .join(" ") || null,
      },
      p.text,
    );
  });
}

// measured is what a contribution is made of: a product, a feature of a tuned model, or a sum
// of several.
const measured = (l) => {
  if (l.words || l.unknown) return null;
  return l.weight ? `${fixed(l.score, 3)} × ${fixed(l.weight, 3)}` : fixed(l.score, 3);
};

// bars shows contributions end to end, so that one can see them add up.
export function bars(start, legs, sum) {
  const rows = [
    { words: t("hit.parts.start"), value: start },
    ...legs.map((l) => ({
      words: l.words ?? name(l.name),
      value: l.contribution,
      title: measured(l),
    })),
  ];
  const { all, low, high } = steps(rows.map((r) => r.value));
  const x = (v) => ((v - low) / (high - low || 1)) * 100;
  const bar = (from, to, style) =>
    svg(
      "svg.bar",
      { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("line", { x1: x(0), x2: x(0), y1: 0, y2: 10 }),
      svg("rect", {
        class: style,
        x: x(Math.min(from, to)),
        width: Math.max(x(Math.max(from, to)) - x(Math.min(from, to)), 0.4),
        y: 1,
        height: 8,
      }),
    );
  const row = (r, i) =>
    el(
      "tr",
      el("th", { scope: "row" }, r.words),
      el("td.wide", bar(all[i].from, all[i].to, r.value < 0 ? "down" : "up")),
      el("td.number", { title: r.title }, signed(r.value)),
    );
  return el(
    "table.bars",
    el("tbody", rows.map(row)),
    el(
      "tfoot",
      el(
        "tr",
        el("th", { scope: "row" }, t("hit.parts.sum")),
        el("td.wide", bar(0, sum, "sum")),
        el("td.number", signed(sum)),
      ),
    ),
  );
}

// meter is a share from 0 to 1 as a bar with its number.
export function meter(words, value) {
  return el(
    "div.meter",
    el("span", words),
    el("span.track", { "aria-hidden": "true" }, el("span", { style: { width: value * 100 + "%" } })),
    el("span.number", fixed(value)),
  );
}

// shares shows the probabilities of the levels beside each other.
export function shares(probabilities) {
  const words = levels.map((l, i) => `${i + 1} ${name(l)} ${percent(probabilities[i])}`);
  return el(
    "div.shares",
    { role: "img", "aria-label": t("hit.levels") + t("colon") + list(words), title: words.join("\n") },
    probabilities.map((p, i) => el("span", { class: "level" + (i + 1), style: { flexGrow: String(p) } })),
  );
}

// copyButton copies the address of this page, where the browser lets pages do so.
export function copyButton() {
  if (!navigator.clipboard) return null; // over plain HTTP from another machine
  const node = el("button", { type: "button", class: "quiet" }, t("answer.permalink"));
  node.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    put(node, t("answer.copied"));
  });
  return node;
}
