// The page that finds the other side of the market, and the page of a replayed answer.
import { go, here, link, matchLink, note } from "./address.js";
import { call, query, record } from "./api.js";
import { el, folded, put } from "./dom.js";
import { hit } from "./hit.js";
import { attempt, awaited, bodyOf, copyButton, facts, field, heading, idOf, kindOf, levelNumber, levels, marked, select, titleLink } from "./parts.js";
import { pool, whyNot } from "./more.js";
import { count, english, list, local, money, name, named, percent, provinces, region, t, when } from "./words.js";

const pageSize = 10;
let draft = {}; // what was typed and not yet sent

// find shows the form and, where the state names something to match, the answer.
export async function find(state, view, signal) {
  const from = state.from === "patent" ? "patent" : "demand";
  const out = el("section", { class: "answer" });
  put(view, el("div", { class: "columns" }, form({ ...state, from }, signal), out));
  if (!state.id && !state.text) {
    put(out, heading(t("find.title"), t("find.lead")));
    return attempt(out, signal, () => browse(from, state.page, out, signal));
  }
  await attempt(out, signal, async () => {
    const request = requestOf(state, from);
    const answer = await awaited(out, call("match", { ...request, page_token: state.page, page_size: pageSize, explain: true, facets: true }, signal)).catch((err) => {
      if (state.page) out.append(firstPage(state)); // the list that the token goes on with is kept for a while
      throw err;
    });
    await showAnswer(out, { answer, request, state, signal });
  });
}

const firstPage = (state) => el("a", { href: link("find", { ...state, page: "" }) }, t("answer.first"));

// answer shows an answer as it was given.
export async function answer(state, view, signal) {
  const got = await awaited(view, call(`answers/${encodeURIComponent(state.id)}`, undefined, signal));
  const request = got.request;
  const from = kindOf(got.answer.query.kind);
  const again = { from, id: got.answer.query.id, title: request.text?.title, text: request.text?.body };
  view.append(el("div", { class: "notice" }, el("b", {}, t("replay.title")), el("p", {}, t("replay.lead", when(got.answer_time))),
    got.changes.length ? [el("p", {}, t("replay.changes"), t("colon")), el("ul", {}, got.changes.map(change))] : el("p", {}, t("replay.unchanged")),
    got.withheld.map((w) => el("p", {}, t("replay.withheld"), t("colon"), local(w))),
    (again.id || again.text) && el("a", { href: link("find", again) }, t("replay.now"))));
  await showAnswer(view, { answer: got.answer, request, state: again, signal, replayed: true });
}

const change = (c) => el("li", {}, el("span", { class: "mono" }, c.id), " ", t("replay.change", c.revision_then, c.revision_now), " ",
  list([...c.fields.map((f) => t("field." + f, f)), c.withdrawn && t("replay.withdrawn"), c.hidden && t("replay.hidden")]));

// requestOf makes a request of the API of the state in the address.
function requestOf(state, from) {
  const words = (text) => (text ?? "").split(/[\s,，、;；]+/).filter(Boolean);
  const filter = { regions: words(state.region), transfer_modes: words(state.mode), include_unavailable: Boolean(state.all) };
  if (from === "demand") Object.assign(filter, { ipc: (state.ipc ?? "").split(/[,，、;；]+/).map((s) => s.trim()).filter(Boolean), legal_statuses: words(state.status) });
  else filter.industries = words(state.industry);
  const what = state.id
    ? { [from === "demand" ? "demand_id" : "patent_number"]: state.id }
    : { text: { kind: "RECORD_KIND_" + from.toUpperCase(), title: state.title, body: state.text } };
  return { ...what, filter, order: state.order && "ORDER_" + state.order.toUpperCase(), collapse: Boolean(state.once) };
}

function form(state, signal) {
  const { from } = state;
  const patents = from === "demand"; // what is looked for
  const typed = { title: state.title ?? draft.title, text: state.text ?? draft.text };
  const found = el("div", { class: "found", "aria-live": "polite" });
  const stored = el("input", { name: "stored", type: "search", autocomplete: "off", placeholder: t("find.stored." + from) });
  const lookUp = () => attempt(found, signal, () => look(from, stored.value.trim(), found, signal));
  stored.addEventListener("keydown", (e) => e.key === "Enter" && (e.preventDefault(), lookUp()));
  const boxes = (label, key, prefix) => el("fieldset", {}, el("legend", {}, label), named(prefix).map((v) =>
    el("label", { class: "box" }, el("input", { type: "checkbox", name: key, value: v, checked: (state[key] ?? "").split(",").includes(v) }), name(v))));
  const node = el("form", { class: "ask", onsubmit: (e) => (e.preventDefault(), submit(node, from, state)), oninput: () => (draft = Object.fromEntries(new FormData(node))) },
    el("fieldset", { class: "switch" }, el("legend", { class: "hidden" }, t("find.from")), ["demand", "patent"].map((side) =>
      el("label", {}, el("input", { type: "radio", name: "from", value: side, checked: side === from, onchange: () => go("find", { from: side }) }), el("span", {}, t("find.from." + side))))),
    state.id
      ? el("div", { class: "chosen" }, el("small", {}, t("find.chosen")), el("b", { class: "mono" }, state.id), el("a", { href: link("find", { from }) }, t("find.drop")))
      : [field(t("find.stored"), el("span", { class: "row" }, stored, el("button", { type: "button", onclick: lookUp }, t("find.look")))), found,
        el("p", { class: "or" }, t("find.text")),
        field(t("find.text.title"), el("input", { name: "title", value: typed.title, maxlength: 1000 })),
        field(t("record." + from), el("textarea", { name: "text", rows: 8, placeholder: t("find.text." + from) }, typed.text))],
    el("details", { class: "filters", open: matchMedia("(min-width: 60rem)").matches || hasFilter(state) }, el("summary", {}, t("find.filters")),
      field(t("find.region"), el("input", { name: "region", value: state.region, list: "provinces", placeholder: t("find.region.hint") })),
      el("datalist", { id: "provinces" }, Object.entries(provinces).map(([code, names]) => el("option", { value: english() ? code : names[0] }, english() ? names[1] : code))),
      patents && field(t("find.ipc"), el("input", { name: "ipc", value: state.ipc, placeholder: "H01M 10/54" })),
      !patents && field(t("find.industry"), el("input", { name: "industry", value: state.industry, placeholder: "C38" })),
      boxes(t("find.mode"), "mode", "TRANSFER_MODE_"),
      patents && boxes(t("find.status"), "status", "LEGAL_STATUS_"),
      field(t("find.level"), select({ name: "level" }, [["", t("find.level.any")], ...levels.slice(1).map((l, i) => [String(i + 2), `${i + 2} ${name(l)}`])], state.level)),
      field(t("find.order"), select({ name: "order" }, [["", t("find.order.forward")], ["reverse", t("find.order.reverse")], ["mutual", t("find.order.mutual")]], state.order)),
      el("label", { class: "box" }, el("input", { type: "checkbox", name: "once", value: "1", checked: Boolean(state.once) }), t("find.once")),
      el("label", { class: "box" }, el("input", { type: "checkbox", name: "all", value: "1", checked: Boolean(state.all) }), t("find.all"))),
    el("button", { class: "primary", type: "submit" }, t("find.go")), el("p", { class: "problem", role: "alert" }));
  return node;
}

const filters = ["region", "ipc", "industry", "mode", "status", "level", "order", "once", "all"];
const hasFilter = (state) => filters.some((f) => state[f]);

function submit(node, from, { id }) {
  const values = new FormData(node);
  const text = (values.get("text") ?? "").trim();
  const state = { from, id, title: values.get("title"), text };
  filters.forEach((f) => (state[f] = values.getAll(f).join(",")));
  if (!id && !text && !state.title) {
    put(node.querySelector(".problem"), t("find.need"));
    return;
  }
  if (!id && !text) Object.assign(state, { text: state.title, title: "" });
  if (link("find", state) === location.hash) dispatchEvent(new Event("hashchange"));
  else go("find", state);
}

// look finds stored records of a kind: the one of that id, or those whose texts come
// nearest to the words, which are matched as if they were a text of the other kind.
async function look(kind, words, out, signal) {
  if (!words) return;
  const one = await awaited(out, record(kind, words, 0, signal)).catch((err) => {
    if (err.code !== 404 && err.code !== 400) throw err;
  });
  if (one) return go("find", { from: kind, id: words });
  const other = kind === "patent" ? "DEMAND" : "PATENT";
  const near = await call("match", { text: { kind: "RECORD_KIND_" + other, body: words }, page_size: 8, filter: { include_unavailable: true } }, signal);
  put(out, near.hits.length
    ? [el("small", {}, t("find.found")), el("ul", {}, near.hits.map((h) => el("li", {}, el("a", { href: matchLink(kind, idOf(h[kind])) }, h[kind].title || idOf(h[kind])), " ", el("small", { class: "mono" }, idOf(h[kind])))))]
    : el("p", { class: "muted" }, t("find.nothing")));
}

// browse lists what is stored, to begin from.
async function browse(kind, page_token, out, signal) {
  const got = await call(`${kind}s` + query({ page_size: 12, page_token }), undefined, signal);
  const all = got[`${kind}s`];
  out.append(el("h2", {}, t("find.browse." + kind)), all.length
    ? el("ul", { class: "stored" }, all.map((r) => el("li", {}, el("a", { href: matchLink(kind, idOf(r)) }, r.title || r.text || idOf(r)), facts(kind, r))))
    : el("p", { class: "muted" }, t("find.browse.none")));
  if (got.next_page_token) out.append(el("nav", { class: "pages" }, el("a", { class: "button", href: link("find", { from: kind, page: got.next_page_token }) }, t("answer.next"))));
}

// showAnswer shows what a match has found.
async function showAnswer(out, { answer, request, state, signal, replayed }) {
  const from = kindOf(answer.query.kind);
  const kind = from === "demand" ? "patent" : "demand";
  const lowest = Number(state.level) || 0;
  const shown = answer.hits.filter((h) => !lowest || levelNumber(h.score.level) >= lowest);
  const mine = await matched(answer, request, from, signal);
  const { supply } = answer;
  out.append(el("h1", {}, t(kind === "patent" ? "answer.patents" : "answer.demands")), mine.node,
    el("p", { class: "muted", role: "status" }, t("answer.considered", count(answer.considered), String(Math.round(parseFloat(answer.took) * 1000))),
      supply && !supply.none_good && "　" + t("answer.chance", percent(supply.chance))));
  if (answer.degraded.length) {
    out.append(el("div", { class: "notice warn", role: "status" }, el("b", {}, t("answer.degraded")), el("ul", {}, answer.degraded.map((d) => el("li", {}, d.part, t("colon"), d.reason)))));
  }
  if (supply?.none_good) {
    out.append(el("div", { class: "notice warn" }, el("b", {}, t("answer.nosupply")), el("p", {}, local(supply.reason), english() ? " " : "", t("answer.nosupply.lead"))));
  }
  if (answer.shaped?.facets.length && !replayed) out.append(spread(answer.shaped.facets, state));
  out.append(shown.length
    ? el("ol", { class: "hits" }, shown.map((h, i) => el("li", {}, hit(h, { kind, answer, query: mine, open: i === 0 && !state.page }))))
    : el("p", { class: "notice" }, t("answer.none")));
  if (shown.length < answer.hits.length) out.append(el("p", { class: "muted" }, t("answer.hidden", answer.hits.length - shown.length)));
  if (!replayed) {
    out.append(el("nav", { class: "pages", "aria-label": t("answer.next") },
      state.page && firstPage(state),
      answer.next_page_token && el("a", { class: "button", href: link("find", { ...state, page: answer.next_page_token }) }, t("answer.next"))));
    const keep = (more) => note("find", { ...here().state, ...more });
    if (from === "demand") out.append(section(t("answer.pool"), (node) => pool(request, node, signal), state.pool, () => keep({ pool: "1" }), signal));
    out.append(section(t("answer.why"), (node) => whyNot({ ...request, page_size: pageSize, page_token: state.page }, state.whynot, node, signal, (whynot) => keep({ whynot })), state.whynot, () => {}, signal));
  }
  out.append(about(answer));
}

// section is a part that asks the API when it is opened.
function section(title, fillIn, open, onopen, signal) {
  const node = el("div", {});
  return folded(title, () => {
    attempt(node, signal, () => fillIn(node));
    return node;
  }, Boolean(open), onopen);
}

// matched shows what was matched; its texts serve to mark places in them.
async function matched(answer, request, from, signal) {
  const { id, revision } = answer.query;
  let one = { title: request.text?.title ?? "", [bodyOf(from)[0]]: request.text?.body ?? "" };
  if (id) {
    one = await record(from, id, revision, signal);
  }
  const asked = new Map(); // every hit tells what the demand asks for: the first will do
  for (const e of from === "demand" ? answer.hits[0]?.explanation?.elements ?? [] : []) asked.set(`${e.demand.field} ${e.demand.start}`, e.demand);
  const marks = (field) => [...asked.values()].filter((s) => s.field === field).map((span) => ({ span, style: "asked" }));
  const body = bodyOf(from).filter((f) => one[f]).map((f) => el("p", { class: "body" }, marked(one[f], marks(f))));
  const offer = from === "demand" ? money(one.budget && !one.confidential_fields?.includes("budget") && one.budget) : money(one.fee);
  const title = id ? titleLink(from, one) : one.title || t("answer.text");
  return {
    id,
    record: one,
    node: el("div", { class: "matched" }, el("small", {}, t("answer.for"), id && [" ", el("span", { class: "mono" }, id)], offer && " · " + offer),
      el("b", {}, title), body.length ? folded(t("field." + bodyOf(from)[0]), () => body) : !id && el("small", {}, t("answer.unkept"))),
  };
}

// spread counts the candidates, and leads to answers with one more condition.
function spread(all, state) {
  const known = {
    region: (v) => ["region", v, region(v)], ipc: (v) => ["ipc", v, v], industry: (v) => ["industry", v, v],
    legal_status: (v) => ["status", "LEGAL_STATUS_" + v.toUpperCase(), name("LEGAL_STATUS_" + v.toUpperCase())],
    transfer_mode: (v) => ["mode", "TRANSFER_MODE_" + v.toUpperCase(), name("TRANSFER_MODE_" + v.toUpperCase())],
  };
  const row = (f) => el("div", { class: "facet" }, el("span", {}, t({ region: "find.region", ipc: "find.ipc", industry: "find.industry", legal_status: "find.status", transfer_mode: "find.mode" }[f.field])),
    f.values.slice(0, 6).map(({ value, count: n }) => {
      const [key, code, words] = known[f.field](value);
      return el("a", { href: link("find", { ...state, [key]: code, page: "" }) }, words, " ", el("small", {}, n));
    }));
  return folded(t("answer.facets"), () => all.filter((f) => known[f.field] && f.values.length).map(row));
}

// about tells with what an answer was made, and where it is to be had again.
function about(answer) {
  const v = answer.versions, c = answer.calibration;
  const parts = ["binary", "embedder", "ranker", "alias", "catalog", "pilot"].filter((p) => v?.[p]);
  return el("footer", { class: "about" },
    el("dl", {}, el("dt", {}, t("answer.request")), el("dd", { class: "mono" }, answer.request_id),
      el("dt", {}, t("answer.versions")), el("dd", {}, parts.map((p) => el("span", {}, t("version." + p), " ", el("span", { class: "mono" }, v[p])))),
      c && [el("dt", {}, t("answer.calibration")), el("dd", {}, t("answer.calibration.facts", local(c.population), count(c.pairs), c.ece.toFixed(3)))]),
    el("p", { class: "row" }, el("a", { href: link("answer", { id: answer.request_id }) }, t("answer.replay")), copyButton()));
}
