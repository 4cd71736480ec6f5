// An answer: what was matched, the hits, and with what it was made.
import { here, link, note } from "./address.js";
import { call, record } from "./api.js";
import { el, folded } from "./dom.js";
import { hit } from "./hit.js";
import { pool, whyNot } from "./more.js";
import { attempt, awaited, bodyOf, copyButton, kindOf, levelNumber, marked, titleLink } from "./parts.js";
import { count, english, list, local, money, name, percent, region, t, when } from "./words.js";

export const pageSize = 10;

// firstPage leads back from another page of an answer.
export const firstPage = (state) => el("a", { href: link("find", { ...state, page: "" }) }, t("answer.first"));

// answer shows an answer as it was given.
export async function answer(state, view, signal) {
  const got = await awaited(view, call(`answers/${encodeURIComponent(state.id)}`, undefined, signal));
  const request = got.request;
  const from = kindOf(got.answer.query.kind);
  const again = { from, id: got.answer.query.id, title: request.text?.title, text: request.text?.body };
  view.append(
    el(
      "div.notice",
      el("b", t("replay.title")),
      el("p", t("replay.lead", when(got.answer_time))),
      got.changes.length
        ? [el("p", t("replay.changes"), t("colon")), el("ul", got.changes.map(change))]
        : el("p", t("replay.unchanged")),
      got.withheld.map((w) => el("p", t("replay.withheld"), t("colon"), local(w))),
      (again.id || again.text) && el("a", { href: link("find", again) }, t("replay.now")),
    ),
  );
  await showAnswer(view, { answer: got.answer, request, state: again, signal, replayed: true });
}

const change = (c) =>
  el(
    "li",
    el("span.mono", c.id),
    " ",
    t("replay.change", c.revision_then, c.revision_now),
    " ",
    list([
      ...c.fields.map((f) => t("field." + f, f)),
      c.withdrawn && t("replay.withdrawn"),
      c.hidden && t("replay.hidden"),
    ]),
  );

// showAnswer shows what a match has found.
export async function showAnswer(out, { answer, request, state, signal, replayed }) {
  const from = kindOf(answer.query.kind);
  const kind = from === "demand" ? "patent" : "demand";
  const lowest = Number(state.level) || 0;
  const shown = answer.hits.filter((h) => !lowest || levelNumber(h.score.level) >= lowest);
  const mine = await matched(answer, request, from, signal);
  const { supply } = answer;
  out.append(
    el("h1", t(kind === "patent" ? "answer.patents" : "answer.demands")),
    mine.node,
    el(
      "p.muted",
      { role: "status" },
      t("answer.considered", count(answer.considered), String(Math.round(parseFloat(answer.took) * 1000))),
      supply && !supply.none_good && "　" + t("answer.chance", percent(supply.chance), percent(supply.chance_in_catalog)),
    ),
  );
  if (answer.degraded.length) {
    out.append(
      el(
        "div.notice.warn",
        { role: "status" },
        el("b", t("answer.degraded")),
        el(
          "ul",
          answer.degraded.map((d) => el("li", d.part, t("colon"), d.reason)),
        ),
      ),
    );
  }
  if (answer.versions?.rival_ranker) out.append(el("p.notice", t("answer.interleaved")));
  if (supply?.none_good && answer.hits.length) {
    out.append(
      el(
        "div.notice.warn",
        el("b", t("answer.nosupply")),
        el("p", local(supply.reason), english() ? " " : "", t("answer.nosupply.lead")),
      ),
    );
  }
  if (answer.shaped?.facets.length && !replayed) out.append(spread(answer.shaped.facets, state));
  out.append(
    shown.length
      ? el(
          "ol.hits",
          shown.map((h, i) => el("li", hit(h, { kind, answer, query: mine, open: i === 0 && !state.page }))),
        )
      : el("p.notice", (!answer.hits.length && local(supply?.reason)) || t("answer.none")),
  );
  if (shown.length < answer.hits.length)
    out.append(el("p.muted", t("answer.hidden", answer.hits.length - shown.length)));
  if (!replayed) {
    out.append(
      el(
        "nav.pages",
        { "aria-label": t("answer.next") },
        state.page && firstPage(state),
        answer.next_page_token &&
          el("a.button", { href: link("find", { ...state, page: answer.next_page_token }) }, t("answer.next")),
      ),
    );
    const keep = (more) => note("find", { ...here().state, ...more });
    if (from === "demand")
      out.append(
        section(
          t("answer.pool"),
          (node) => pool(request, node, signal),
          state.pool,
          () => keep({ pool: "1" }),
          signal,
        ),
      );
    out.append(
      section(
        t("answer.why"),
        (node) =>
          whyNot({ ...request, page_size: pageSize, page_token: state.page }, state.whynot, node, signal, (whynot) =>
            keep({ whynot }),
          ),
        state.whynot,
        () => {},
        signal,
      ),
    );
  }
  out.append(about(answer));
}

// section is a part that asks the API when it is opened.
function section(title, fillIn, open, onopen, signal) {
  const node = el("div");
  return folded(
    title,
    () => {
      attempt(node, signal, () => fillIn(node));
      return node;
    },
    Boolean(open),
    onopen,
  );
}

// matched shows what was matched; its texts serve to mark places in them.
async function matched(answer, request, from, signal) {
  const { id, revision } = answer.query;
  let one = { title: request.text?.title ?? "", [bodyOf(from)[0]]: request.text?.body ?? "" };
  if (id) {
    one = await record(from, id, revision, signal);
  }
  const asked = new Map(); // every hit tells what the demand asks for: the first will do
  for (const e of from === "demand" ? (answer.hits[0]?.explanation?.elements ?? []) : [])
    asked.set(`${e.demand.field} ${e.demand.start}`, e.demand);
  const marks = (field) =>
    [...asked.values()].filter((s) => s.field === field).map((span) => ({ span, style: "asked" }));
  const body = bodyOf(from)
    .filter((f) => one[f])
    .map((f) => el("p.body", marked(one[f], marks(f))));
  const offer =
    from === "demand"
      ? money(one.budget && !one.confidential_fields?.includes("budget") && one.budget)
      : money(one.fee);
  const title = id ? titleLink(from, one) : one.title || t("answer.text");
  return {
    id,
    record: one,
    node: el(
      "div.matched",
      el("small", t("answer.for"), id && [" ", el("span.mono", id)], offer && " · " + offer),
      el("b", title),
      body.length ? folded(t("field." + bodyOf(from)[0]), () => body) : !id && el("small", t("answer.unkept")),
    ),
  };
}

// filters are the form's fields by those of facets, and how their values begin there.
const filters = {
  region: ["region", ""],
  ipc: ["ipc", ""],
  industry: ["industry", ""],
  legal_status: ["status", "LEGAL_STATUS_"],
  transfer_mode: ["mode", "TRANSFER_MODE_"],
};

// spread counts the candidates, and leads to answers with one more condition.
function spread(all, state) {
  const row = (f) => {
    const [key, prefix] = filters[f.field];
    return el(
      "div.facet",
      el("span", t("find." + key)),
      f.values.slice(0, 6).map(({ value, count: n }) => {
        const code = prefix ? prefix + value.toUpperCase() : value;
        const words = key === "region" ? region(code) : name(code);
        return el("a", { href: link("find", { ...state, [key]: code, page: "" }) }, words, " ", el("small", n));
      }),
    );
  };
  return folded(t("answer.facets"), () => all.filter((f) => filters[f.field] && f.values.length).map(row));
}

// about tells with what an answer was made, and where it is to be had again.
function about(answer) {
  const v = answer.versions,
    c = answer.calibration;
  const parts = ["binary", "embedder", "ranker", "rival_ranker", "alias", "catalog", "pilot"].filter((p) => v?.[p]);
  return el(
    "footer.about",
    el(
      "dl",
      el("dt", t("answer.request")),
      el("dd.mono", answer.request_id),
      el("dt", t("answer.versions")),
      el(
        "dd",
        parts.map((p) => el("span", t("version." + p), " ", el("span.mono", v[p]))),
      ),
      c && [
        el("dt", t("answer.calibration")),
        el("dd", t("answer.calibration.facts", local(c.population), count(c.pairs), c.ece.toFixed(3))),
      ],
    ),
    el("p.row", el("a", { href: link("answer", { id: answer.request_id }) }, t("answer.replay")), copyButton()),
  );
}
