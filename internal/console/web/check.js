// The page that takes a demand apart while it is written.
import { go, note } from "./address.js";
import { call, record } from "./api.js";
import { el, put } from "./dom.js";
import { attempt, field, heading, known, marked } from "./parts.js";
import { list, local, name, t } from "./words.js";

const pause = 350; // ms without a key before the text is sent

// check shows a form and beside it what the words in it say and lack.
export async function check(state, view, signal) {
  if (state.id) {
    const d = await record("demand", state.id, 0, signal);
    Object.assign(state, { title: d.title, text: d.text });
  }
  const title = el("input", { name: "title", value: state.title, maxlength: 1000 });
  const text = el("textarea", { name: "text", rows: 14 }, state.text);
  const out = el("section");
  let asked = new AbortController();
  const analyze = () => {
    const mine = asked.signal;
    return attempt(out, mine, async () => {
      const words = { title: title.value, text: text.value };
      if (!state.id || words.title !== state.title || words.text !== state.text) note("check", words);
      if (!words.title.trim() && !words.text.trim()) return put(out, el("p.muted", t("check.empty")));
      const { intake } = await call("demands:analyze", words, mine).catch((err) => {
        if (!mine.aborted) put(out);
        throw err;
      });
      put(out, result(intake, words));
    });
  };
  let timer;
  const later = () => {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    timer = setTimeout(analyze, pause);
  };
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    asked.abort();
  });
  const match = (e) => {
    e.preventDefault();
    if (title.value.trim() || text.value.trim())
      go("find", { from: "demand", title: text.value.trim() && title.value, text: text.value || title.value });
  };
  put(
    view,
    heading(t("check.title"), t("check.lead")),
    el(
      "div.columns.even",
      el(
        "form.ask",
        { oninput: later, onsubmit: match },
        state.id && el("small", t("check.stored", state.id)),
        field(t("check.name"), title),
        field(t("check.text"), text),
        el("button", { type: "submit", class: "primary" }, t("check.go")),
      ),
      out,
    ),
  );
  await analyze();
}

function result(intake, words) {
  const marks = (f) =>
    [...intake.elements.map((e) => [e, "element"]), ...intake.quantities.map((q) => [q, "quantity"])]
      .filter(([s]) => s.field === f)
      .map(([span, style]) => ({ span, style }));
  return [
    el(
      "div",
      { class: "grade grade" + intake.grade, role: "status" },
      el("strong", intake.grade),
      el("span", el("small", t("check.grade")), el("br"), t("check.grade." + intake.grade, "")),
    ),
    intake.flags.length > 0 &&
      el("div.notice.warn", el("b", t("check.flags")), t("colon"), list(intake.flags.map(name))),
    intake.missing.length > 0 &&
      el(
        "p",
        t("check.missing"),
        t("colon"),
        intake.missing.map((k) => [el("span.chip.lacking", name(k)), " "]),
      ),
    intake.suggestions.length > 0 && [
      el("h2", t("check.suggestions")),
      el(
        "ol",
        intake.suggestions.map((s) => el("li", local(s))),
      ),
    ],
    (intake.elements.length > 0 || intake.quantities.length > 0) && [
      el("h2", t("check.found")),
      ["title", "text"].filter((f) => words[f] && marks(f).length).map((f) => el("p.body", marked(words[f], marks(f)))),
      el("small", t("check.key")),
      el(
        "dl.fields",
        byKind(intake.elements).map(([kind, texts]) => el("div", el("dt", name(kind)), el("dd", list(texts)))),
      ),
    ],
    intake.quantities.length > 0 &&
      el(
        "div.scroll",
        el(
          "table",
          el("caption", t("check.quantities")),
          el(
            "tbody",
            intake.quantities.map((q) =>
              el(
                "tr",
                el("th", { scope: "row" }, q.property || "—"),
                el("td", known(q.comparison) + q.text.replace(/^±/, "")),
                el("td.muted", t(q.required ? "check.required" : "check.today")),
              ),
            ),
          ),
        ),
      ),
  ];
}

function byKind(elements) {
  const out = new Map();
  for (const e of elements) out.set(e.kind, [...(out.get(e.kind) ?? []), e.text]);
  return [...out];
}
