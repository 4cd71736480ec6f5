// The page on which people judge pairs: both texts beside each other, four levels, a key
// for each.
import { note } from "./address.js";
import { call, query, record } from "./api.js";
import { el, folded, put } from "./dom.js";
import { recall, remember } from "./memory.js";
import { attempt, awaited, bodyOf, facts, field, heading, levels, titleLink } from "./parts.js";
import { local, name, t } from "./words.js";

const remembered = "duijie-rater";
const budget = 20;
let pairs = []; // the batch; kept while the reader looks at other pages
let at = 0;
let saved = 0; // in this visit

// judge shows the pair that the address names, or the next one of the batch.
export async function judge(state, view, signal) {
  const rater = el("input", {
    name: "rater",
    value: recall(remembered) ?? "",
    maxlength: 100,
    autocomplete: "name",
    required: true,
    onchange: (e) => remember(remembered, e.target.value.trim()),
  });
  const sector = el("input", { name: "sector", value: state.sector });
  const out = el("div.pair");
  const begin = (e) => {
    e.preventDefault();
    attempt(out, signal, async () => {
      const got = await awaited(
        out,
        call("labels:suggest" + query({ budget, sectors: sector.value.trim() }), undefined, signal),
      );
      pairs = got.suggestions.map((s) => ({ demand: s.demand_id, patent: s.patent_number, why: s.reason }));
      at = 0;
      await turn(0);
    });
  };
  put(
    view,
    heading(t("judge.title"), t("judge.lead")),
    el(
      "form.row.narrow",
      { onsubmit: begin },
      field(t("judge.rater"), rater),
      field(t("judge.sector"), sector),
      el("button", { type: "submit", class: "primary" }, t("judge.begin")),
    ),
    out,
  );

  // turn goes on to another pair of the batch, and shows it.
  const turn = async (by) => {
    at = Math.max(0, at + by);
    if (at >= pairs.length) {
      note("judge", { sector: sector.value });
      return put(out, el("p.notice", { role: "status" }, pairs.length ? t("judge.done", saved) : t("judge.none")));
    }
    note("judge", { demand: pairs[at].demand, patent: pairs[at].patent, sector: sector.value });
    await showPair(pairs[at], out, { rater, signal, turn });
  };
  if (state.demand && state.patent) {
    const known = pairs.findIndex((p) => p.demand === state.demand && p.patent === state.patent);
    if (known < 0) pairs = [{ demand: state.demand, patent: state.patent }];
    at = Math.max(0, known);
  }
  if (at < pairs.length) await attempt(out, signal, () => turn(0));
}

async function showPair(pair, out, { rater, signal, turn }) {
  const [demand, patent] = await awaited(
    out,
    Promise.all([record("demand", pair.demand, 0, signal), record("patent", pair.patent, 0, signal)]),
  );
  const reason = el("input", { name: "reason", maxlength: 500 });
  const said = el("p.said", { role: "status" });
  const gone = new AbortController(); // ends with this pair
  signal.addEventListener("abort", () => gone.abort());
  let saving = false; // no second key or click counts meanwhile
  const step = (by) => {
    if (saving) return;
    gone.abort();
    attempt(out, signal, () => turn(by));
  };
  const save = async (level) => {
    if (saving) return;
    const name_ = rater.value.trim();
    if (!name_) {
      put(said, t("judge.needrater"));
      return rater.focus();
    }
    const label = {
      demand_id: pair.demand,
      patent_number: pair.patent,
      level,
      rater: name_,
      reason: reason.value,
      source: "LABEL_SOURCE_EXPERT",
      demand_revision: demand.info.revision,
      patent_revision: patent.info.revision,
    };
    saving = true;
    await attempt(out, signal, async () => {
      await call("labels:batchWrite", { labels: [label] }, signal);
      gone.abort();
      remember(remembered, name_);
      pair.level = level;
      saved++;
      await turn(1);
      out.prepend(
        el("p.muted", { role: "status" }, t("judge.saved", `${pair.demand} × ${pair.patent} → ${name(level)}`)),
      );
    });
    saving = false;
  };
  const keys = { s: () => step(1), u: () => step(-1) };
  levels.forEach((l, i) => (keys[i + 1] = () => save(l)));
  addEventListener(
    "keydown",
    (e) => {
      if (
        e.ctrlKey ||
        e.metaKey ||
        e.altKey ||
        e.isComposing ||
        e.target.closest("input, textarea, select") ||
        !keys[e.key.toLowerCase()]
      )
        return;
      e.preventDefault();
      keys[e.key.toLowerCase()]();
    },
    { signal: gone.signal },
  );
  const side = (kind, r) =>
    el(
      "section",
      el("small", t("record." + kind)),
      el("h2", titleLink(kind, r)),
      facts(kind, r),
      bodyOf(kind)
        .filter((f) => r[f])
        .map((f) => el("p.body", r[f])),
    );
  put(
    out,
    el("p.muted", t("judge.at", at + 1, pairs.length)),
    el("div.texts", side("demand", demand), side("patent", patent)),
    el(
      "div.verdicts",
      el("h3", t("judge.question")),
      el(
        "div.levels",
        { role: "group", "aria-label": t("judge.question") },
        levels.map((l, i) =>
          el(
            "button",
            {
              type: "button",
              class: "level" + (i + 1),
              "aria-keyshortcuts": String(i + 1),
              "aria-pressed": String(pair.level === l),
              onclick: keys[i + 1],
            },
            el("kbd", i + 1),
            el("b", name(l)),
            el("small", t(l + ".means")),
          ),
        ),
      ),
      el(
        "div.row",
        field(t("judge.note"), reason),
        el("button", { type: "button", "aria-keyshortcuts": "s", onclick: keys.s }, t("judge.skip")),
        el(
          "button",
          { type: "button", "aria-keyshortcuts": "u", disabled: at === 0, onclick: keys.u },
          t("judge.back"),
        ),
      ),
      said,
      el("small.muted", t("judge.keys")),
      pair.why && folded(t("judge.worth"), () => el("p", local(pair.why))),
    ),
  );
}
