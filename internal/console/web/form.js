// The form that says what to match, and with which filters.
import { go, link, matchLink } from "./address.js";
import { call, record } from "./api.js";
import { el, put } from "./dom.js";
import { attempt, awaited, field, idOf, levels, select } from "./parts.js";
import { english, name, named, provinces, t } from "./words.js";

let draft = {}; // what was typed and not yet sent

// form shows the state of the page that finds, and leads to the next one.
export function form(state, signal) {
  const { from } = state;
  const patents = from === "demand"; // what is looked for
  const typed = state.title || state.text ? state : draft;
  const found = el("div.found", { "aria-live": "polite" });
  const stored = el("input", {
    name: "stored",
    type: "search",
    autocomplete: "off",
    placeholder: t("find.stored." + from),
  });
  const lookUp = () => attempt(found, signal, () => look(from, stored.value.trim(), found, signal));
  stored.addEventListener("keydown", (e) => e.key === "Enter" && (e.preventDefault(), lookUp()));
  const boxes = (label, key, prefix) =>
    el(
      "fieldset",
      el("legend", label),
      named(prefix).map((v) =>
        el(
          "label.box",
          el("input", { type: "checkbox", name: key, value: v, checked: (state[key] ?? "").split(",").includes(v) }),
          name(v),
        ),
      ),
    );
  const node = el(
    "form.ask",
    {
      onsubmit: (e) => (e.preventDefault(), submit(node, from, state)),
      oninput: () => (draft = Object.fromEntries(new FormData(node))),
    },
    el(
      "fieldset.switch",
      el("legend.hidden", t("find.from")),
      ["demand", "patent"].map((side) =>
        el(
          "label",
          el("input", {
            type: "radio",
            name: "from",
            value: side,
            checked: side === from,
            onchange: () => go("find", { from: side }),
          }),
          el("span", t("find.from." + side)),
        ),
      ),
    ),
    state.id
      ? el(
          "div.chosen",
          el("small", t("find.chosen")),
          el("b.mono", state.id),
          el("a", { href: link("find", { from }) }, t("find.drop")),
        )
      : [
          field(
            t("find.stored"),
            el("span.row", stored, el("button", { type: "button", onclick: lookUp }, t("find.look"))),
          ),
          found,
          el("p.or", t("find.text")),
          field(t("find.text.title"), el("input", { name: "title", value: typed.title, maxlength: 1000 })),
          field(
            t("record." + from),
            el("textarea", { name: "text", rows: 8, placeholder: t("find.text." + from) }, typed.text),
          ),
        ],
    el(
      "details.filters",
      { open: matchMedia("(min-width: 60rem)").matches || hasFilter(state) },
      el("summary", t("find.filters")),
      field(
        t("find.region"),
        el("input", { name: "region", value: state.region, list: "provinces", placeholder: t("find.region.hint") }),
      ),
      el(
        "datalist",
        { id: "provinces" },
        Object.entries(provinces).map(([code, names]) =>
          el("option", { value: english() ? code : names[0] }, english() ? names[1] : code),
        ),
      ),
      patents && field(t("find.ipc"), el("input", { name: "ipc", value: state.ipc, placeholder: "H01M 10/54" })),
      !patents &&
        field(t("find.industry"), el("input", { name: "industry", value: state.industry, placeholder: "C38" })),
      boxes(t("find.mode"), "mode", "TRANSFER_MODE_"),
      patents && boxes(t("find.status"), "status", "LEGAL_STATUS_"),
      field(
        t("find.level"),
        select(
          { name: "level" },
          [["", t("find.level.any")], ...levels.slice(1).map((l, i) => [String(i + 2), `${i + 2} ${name(l)}`])],
          state.level,
        ),
      ),
      field(
        t("find.order"),
        select(
          { name: "order" },
          [
            ["", t("find.order.forward")],
            ["reverse", t("find.order.reverse")],
            ["mutual", t("find.order.mutual")],
          ],
          state.order,
        ),
      ),
      el(
        "label.box",
        el("input", { type: "checkbox", name: "once", value: "1", checked: Boolean(state.once) }),
        t("find.once"),
      ),
      el(
        "label.box",
        el("input", { type: "checkbox", name: "bans", value: "1", checked: Boolean(state.bans) }),
        t("find.bans"),
      ),
      el(
        "label.box",
        el("input", { type: "checkbox", name: "all", value: "1", checked: Boolean(state.all) }),
        t("find.all"),
      ),
    ),
    el("button.primary", { type: "submit" }, t("find.go")),
    el("p.problem", { role: "alert" }),
  );
  return node;
}

const filters = ["region", "ipc", "industry", "mode", "status", "level", "order", "once", "bans", "all"];
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
  const near = await call(
    "match",
    { text: { kind: "RECORD_KIND_" + other, body: words }, page_size: 8, filter: { include_unavailable: true } },
    signal,
  );
  put(
    out,
    near.hits.length
      ? [
          el("small", t("find.found")),
          el(
            "ul",
            near.hits.map((h) =>
              el(
                "li",
                el("a", { href: matchLink(kind, idOf(h[kind])) }, h[kind].title || idOf(h[kind])),
                " ",
                el("small.mono", idOf(h[kind])),
              ),
            ),
          ),
        ]
      : el("p.muted", t("find.nothing")),
  );
}
