// One hit of an answer: how well it fits, why, and what the reader makes of it.
import { link, matchLink } from "./address.js";
import { call, Failure } from "./api.js";
import { el, folded, put } from "./dom.js";
import {
  badge,
  bars,
  bodyOf,
  facts,
  field,
  idOf,
  levelNumber,
  marked,
  meter,
  select,
  shares,
  titleLink,
  verdict,
  verdictClass,
  verdicts,
} from "./parts.js";
import { english, fixed, list, local, name, named, percent, t } from "./words.js";

// hit shows a hit, which is a record of the kind. query is what was matched: its record,
// and its id where it is stored.
export function hit(h, { kind, answer, query, open }) {
  const record = h[kind],
    x = h.explanation;
  const why = folded(t("hit.why"), () => reasons(h, kind === "patent" ? record : query.record), open);
  return el(
    "article.hit",
    el(
      "div.head",
      el("span.rank", h.rank),
      el("div", el("h2", titleLink(kind, record)), facts(kind, record), counts(x?.elements ?? [])),
      score(h.score),
    ),
    h.placement?.why.length > 0 && el("p.muted", t("hit.moved"), t("colon"), h.placement.why.map(local).join(" ")),
    h.model && el("p.muted", t("hit.model"), t("colon"), el("span.mono", h.model)),
    h.ordering && el("p.muted", name("rerank"), t("colon"), `#${h.ordering.rerank.rank}`),
    printed(why),
    feedback(h, kind, answer, query, (explanation) => {
      h.explanation = explanation;
      why.open = true;
      why.querySelector(".reasons")?.replaceWith(reasons(h, kind === "patent" ? record : query.record));
    }),
  );
}

function printed(details) {
  details.classList.add("print");
  return details;
}

function score(s) {
  const known = s.level_probabilities.length === 4;
  return el(
    "div.score",
    el("strong", el("small", t("hit.score")), " ", s.value.toFixed(3)),
    known && [
      el("span", badge(s.level), " ", percent(s.level_probabilities[levelNumber(s.level) - 1])),
      shares(s.level_probabilities),
    ],
    el(
      "small.also",
      known &&
        el(
          "span",
          { title: s.in_catalog > 0 ? t("hit.catalog", percent(s.in_catalog)) : null },
          t("hit.chance", percent(s.level_probabilities[2] + s.level_probabilities[3])),
        ),
      s.two_sided && el("span", t("hit.both", fixed(s.two_sided.mutual))),
    ),
  );
}

// counts tells how many elements have which verdict.
function counts(elements) {
  const n = (v) => elements.filter((e) => e.verdict === v).length;
  return (
    elements.length > 0 &&
    el(
      "p.counts",
      Object.keys(verdicts)
        .filter(n)
        .map((v) => el("span", verdict(v), " ", n(v))),
    )
  );
}

function reasons(h, patent) {
  const x = h.explanation;
  return el(
    "div.reasons",
    el(
      "div",
      x?.elements.length > 0 && part("hit.elements", elements(x.elements)),
      x?.offers.length > 0 && part("hit.offers", lines(x.offers.map((o) => o.note))),
      x?.holder?.wanted.length > 0 && part("hit.holder", lines(x.holder.wanted)),
      x?.holder?.gaps.length > 0 && part("hit.gaps", lines(x.holder.gaps)),
      x?.wording.length > 0 && part("hit.wording", lines(x.wording.map((s) => s.text))),
    ),
    el(
      "div",
      part("hit.evidence", evidence(patent, x)),
      part("hit.parts", parted(h.score)),
      h.score.two_sided && part("hit.sides", sides(h.score.two_sided)),
      x?.why.length > 0 && part("hit.lifts", lines(x.why)),
    ),
  );
}

const part = (key, ...body) => el("section", { class: key.replace("hit.", "part ") }, el("h3", t(key)), body);
const lines = (texts) =>
  el(
    "ul",
    texts.map((text) => el("li", local(text))),
  );

// elements lists what is asked for, with its verdict. To point at one is to see its
// evidence in the text beside it.
function elements(all) {
  return el(
    "ul.elements",
    all.map((e, i) => {
      const lit = (on) => (ev) => {
        const marks = ev.currentTarget.closest(".reasons").querySelectorAll("mark");
        marks.forEach((m) => m.classList.toggle("lit", on && (m.dataset.key ?? "").split(" ").includes("e" + i)));
      };
      return el(
        "li",
        {
          class: verdictClass(e.verdict),
          tabindex: e.patent && 0,
          onmouseenter: lit(true),
          onmouseleave: lit(false),
          onfocus: lit(true),
          onblur: lit(false),
        },
        verdict(e.verdict),
        el(
          "span",
          el("small", name(e.kind)),
          " ",
          el("b", e.demand.text),
          el("br"),
          el("span.muted", local(e.note)),
          e.review && reviewed(e.review),
        ),
      );
    }),
  );
}

// reviewed shows what a chat model says of an element, and where the patent says so.
function reviewed(r) {
  return el(
    "span.review",
    el("small", t("hit.review")),
    " ",
    verdict(r.verdict),
    r.patent.map((s) => el("q", s.text)),
  );
}

// evidence shows the patent's own text with what carries the score and what answers the
// elements.
function evidence(patent, x) {
  const carrying = (x?.evidence ?? []).map((e) => ({ span: e.patent, style: "carries" }));
  const answering = (x?.elements ?? []).flatMap((e, i) =>
    e.patent ? [{ span: e.patent, style: "answers " + verdictClass(e.verdict), key: "e" + i }] : [],
  );
  const all = [...carrying, ...answering];
  return ["title", ...bodyOf("patent")]
    .filter((f) => patent[f])
    .map((f) => {
      const marks = all.filter((m) => m.span.field === f);
      if (f === "title" && !marks.length) return null;
      return [f !== "abstract" && el("small", t("field." + f)), el("p.body", marked(patent[f], marks))];
    })
    .concat(el("small", t("hit.evidence.key")));
}

// mostParts is how many contributions are shown one by one; of more, the strongest are, and
// the rest as one.
const mostParts = 9;

function parted(s) {
  let legs = s.legs.filter((l) => l.weight !== 0 || l.contribution !== 0);
  if (legs.length > mostParts) {
    legs = legs.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    const rest = legs.splice(mostParts - 1);
    legs.push({ words: t("hit.parts.rest", rest.length), contribution: rest.reduce((n, l) => n + l.contribution, 0) });
  }
  return [bars(s.bias, legs, s.logit), el("small", t("hit.parts.lead", fixed(s.logit), s.value.toFixed(3)))];
}

function sides(two) {
  const rating = (r) =>
    r.count ? t("hit.rating", fixed(r.mean, 1), r.count, fixed(r.shrunk, 1)) : t("hit.rating.none", fixed(r.shrunk, 1));
  return [
    meter(t("hit.forward"), two.forward),
    meter(t("hit.reverse"), two.reverse),
    meter(t("hit.mutual"), two.mutual),
    el(
      "small",
      two.patent && [t("hit.rating.patent"), t("colon"), rating(two.patent), english() ? "; " : "；"],
      two.demand && [t("hit.rating.demand"), t("colon"), rating(two.demand)],
    ),
    el("small.mono", name(two.rule)),
  ];
}

// feedback takes what the reader makes of the hit. An event names both records, so that a
// text that is not stored can have none.
// review is called with an explanation that has a chat model's verdicts.
function feedback(h, kind, answer, query, review) {
  const id = idOf(h[kind]);
  const pair =
    kind === "patent" ? { demand_id: query.id, patent_number: id } : { demand_id: id, patent_number: query.id };
  const said = el("span.said", { role: "status" });
  const record = async (event) => {
    const side = kind === "patent" ? "RECORD_KIND_DEMAND" : "RECORD_KIND_PATENT";
    const { results } = await call("events:record", {
      events: [{ ...pair, ...event, side, request_id: answer.request_id, rank_shown: h.rank }],
    });
    const refused = results[0].status;
    if (refused) throw new Failure(list(refused.faults.map((f) => local(f.reason))) || refused.message);
  };
  const send = async (event, words) => {
    put(said);
    try {
      await record(event);
      put(said, words);
    } catch (err) {
      put(said, err.message);
    }
  };
  const other = el("a", { href: matchLink(kind, id) }, t("hit.back"));
  const ask = async (button) => {
    put(said, t("hit.review.asked"));
    button.disabled = true;
    try {
      const { results, degraded } = await call("score", { pairs: [pair], explain: true, review: true });
      const { explanation } = results[0];
      put(said, explanation?.reviewer ? t("hit.review.done", explanation.reviewer) : list(degraded.map((d) => d.reason)));
      if (explanation?.reviewer) review(explanation);
    } catch (err) {
      put(said, err.message);
    }
    button.disabled = false;
  };
  if (!query.id) return el("div.actions", other, el("small.muted", t("feedback.unstored")));
  return el(
    "div.actions",
    el(
      "button",
      { type: "button", onclick: () => send({ type: "EVENT_TYPE_SAVE" }, t("feedback.saved")) },
      "☆ ",
      t("feedback.save"),
    ),
    answer.can_review &&
      h.explanation?.elements.length > 0 &&
      el("button", { type: "button", onclick: (e) => ask(e.currentTarget) }, t("hit.review.ask")),
    rejection((event) => send(event, t("feedback.rejected", name(event.reason)))),
    said,
    el("a", { href: link("judge", { demand: pair.demand_id, patent: pair.patent_number }) }, t("hit.judge")),
    other,
  );
}

// rejection asks for a coded reason, and for a note where the reason is another one.
function rejection(send) {
  const reasons = named("REJECTION_REASON_").map((r) => [r, name(r)]);
  const form = el(
    "form.row.reject",
    {
      hidden: true,
      onsubmit: (e) => {
        e.preventDefault();
        const { reason, note } = Object.fromEntries(new FormData(form));
        send({ type: "EVENT_TYPE_REJECTION", reason, note });
        form.hidden = true;
      },
    },
    field(
      t("feedback.reason"),
      select(
        {
          name: "reason",
          onchange: (e) => (form.elements.note.required = e.target.value === "REJECTION_REASON_OTHER"),
        },
        reasons,
        reasons[0][0],
      ),
    ),
    field(t("feedback.note"), el("input", { name: "note", maxlength: 500 })),
    el("button", { type: "submit" }, t("feedback.send")),
  );
  return [el("button", { type: "button", onclick: () => (form.hidden = !form.hidden) }, t("feedback.reject")), form];
}
