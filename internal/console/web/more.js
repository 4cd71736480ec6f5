// What else can be asked about a match: a pool of patents, and why a record is not there.
import { call } from "./api.js";
import { el, put } from "./dom.js";
import { attempt, awaited, badge, facts, field, known, titleLink, verdict, verdictClass } from "./parts.js";
import { local, name, percent, signed, t } from "./words.js";

// pool shows the fewest patents that together serve the demand of a match request.
export async function pool({ demand_id, text, filter }, node, signal) {
  const asked = demand_id ? { demand_id } : { text: { title: text.title, body: text.body } };
  const got = await awaited(node, call("pools:suggest", { ...asked, filter }, signal));
  if (!got.patents.length) return put(node, el("p.muted", t("pool.none")), el("p", local(got.summary)));
  put(
    node,
    el("p", local(got.summary)),
    el(
      "p.muted",
      t("pool.reached", percent(got.reached / got.whole), percent(got.reachable / got.whole), got.holders),
      " · ",
      t(got.exact ? "pool.exact" : "pool.greedy"),
    ),
    el(
      "ol.pool",
      got.patents.map((p) =>
        el(
          "li",
          el("b", titleLink("patent", p.patent)),
          " ",
          badge(p.score.level),
          facts("patent", p.patent),
          el("p", local(p.why)),
        ),
      ),
    ),
    el(
      "div.scroll",
      el(
        "table",
        el("thead", el("tr", el("th", t("pool.element")), el("th"), el("th", t("pool.answer")))),
        el(
          "tbody",
          got.elements.map((e) =>
            el(
              "tr",
              el("th", { scope: "row" }, el("small", name(e.kind)), " ", e.demand.text),
              el("td", { class: verdictClass(e.verdict) }, verdict(e.verdict)),
              el("td", local(e.why)),
            ),
          ),
        ),
      ),
    ),
  );
}

// whyNot asks at which stage a record fell out of the answer of a request. id is asked
// about at once; onask is told what is.
export function whyNot(request, id, node, signal, onask) {
  const out = el("div", { "aria-live": "polite" });
  const input = el("input", { name: "id", value: id, required: true });
  const ask = () =>
    attempt(out, signal, async () => {
      onask(input.value.trim());
      const got = await awaited(out, call("match:whyNot", { request, id: input.value.trim() }, signal));
      put(out, reason(got));
    });
  put(
    node,
    el(
      "form.row",
      { onsubmit: (e) => (e.preventDefault(), ask()) },
      field(t("why.id"), input),
      el("button", { type: "submit" }, t("why.ask")),
    ),
    out,
  );
  if (id) ask();
}

function reason(got) {
  return [
    el(
      "p",
      el("b", name(got.stage)),
      got.score && [" ", el("span.number", got.score.value.toFixed(3)), " ", badge(got.score.level)],
    ),
    el("p", local(got.reason)),
    got.state_reason && el("p", known(got.state), t("colon"), got.state_reason),
    local(got.remedy) && el("p", t("why.remedy"), t("colon"), local(got.remedy)),
    got.conditions.length > 0 && [
      el("h3", t("why.conditions")),
      el(
        "ul",
        got.conditions.map((c) =>
          el("li", t("why.required", local(c.required), local(c.found) || t("unknown"))),
        ),
      ),
    ],
    got.shortfall?.behind.length > 0 && [
      el("h3", t("why.behind")),
      el(
        "ul",
        got.shortfall.behind.map((b) => el("li", t("why.behind.leg", name(b.leg), signed(b.own), signed(b.last)))),
      ),
    ],
  ];
}
