// The page that tells how the catalog, the models and the pilots are doing. It changes
// nothing.
import { recordLink } from "./address.js";
import { call } from "./api.js";
import { el, put } from "./dom.js";
import { attempt, heading, kindOf, known } from "./parts.js";
import { count, list, local, name, percent, t, when } from "./words.js";

const most = 50;

// overview asks for all parts at once; one that fails says so in its place.
export async function overview(_, view, signal) {
  put(view, heading(t("overview.title"), t("overview.lead")));
  await Promise.all(
    parts.map(([key, path, show]) => {
      const section = el("section", el("h2", t("overview." + key)));
      view.append(section);
      return attempt(section, signal, async () =>
        section.append(...show(await call(path, undefined, signal), signal).filter(Boolean)),
      );
    }),
  );
}

const parts = [
  ["records", "catalog", records],
  ["unsearchable", "catalog/unsearchable?page_size=" + most, unsearchable],
  ["models", "models", models],
  ["reembedding", "reembedding", reembedding],
  ["changes", "modelChanges?page_size=10", changes],
  ["pilots", "pilots", pilots],
];

// table of texts and nodes; numbers says which columns are numbers.
function table(heads, rows, numbers = []) {
  const kind = (i) => (numbers.includes(i) ? "number" : null);
  return el(
    "div.scroll",
    el(
      "table",
      el(
        "thead",
        el(
          "tr",
          heads.map((h, i) => el("th", { scope: "col", class: kind(i) }, h)),
        ),
      ),
      el(
        "tbody",
        rows.map((r) =>
          el(
            "tr",
            r.map((c, i) => el(i ? "td" : "th", { scope: i ? null : "row", class: kind(i) }, c)),
          ),
        ),
      ),
    ),
  );
}

function records({ counts, versions }) {
  const columns = ["stored", "searchable", "pending", "failed", "embed_pending"];
  return [
    table(
      ["", ...columns.map((c) => t("overview." + c))],
      counts.map((c) => [
        t("record." + kindOf(c.kind)),
        ...columns.map((k) => el("span", { class: (k === "failed" && c[k] !== "0" && "alarm") || null }, count(c[k]))),
      ]),
      [1, 2, 3, 4, 5],
    ),
    el("p.muted", t("overview.version", versions.binary)),
  ];
}

function unsearchable({ records, next_page_token }) {
  if (!records.length) return [el("p.muted", t("overview.unsearchable.none"))];
  return [
    el(
      "ul",
      records.map((r) =>
        el(
          "li",
          el("a.mono", { href: recordLink(kindOf(r.kind), r.id) }, r.id),
          " ",
          known(r.reached),
          t("colon"),
          r.reason,
          el(
            "small.muted",
            " ",
            t("overview.attempts", r.attempts),
            " · ",
            r.retry_time ? t("overview.retry", when(r.retry_time)) : t("overview.never"),
          ),
        ),
      ),
    ),
    next_page_token && el("p.muted", t("overview.unsearchable.more", most)),
  ];
}

function models({ models }) {
  return [
    table(
      ["model", "kind", "live", "aliases", "labels"].map((c) => t("overview." + c)),
      models.map((m) => [
        [el("span.mono", m.id), m.title && [el("br"), m.title], m.unusable_reason && el("p.alarm", m.unusable_reason)],
        known(m.kind),
        live(m),
        list(m.aliases) || "—",
        m.labels === "0" ? "—" : count(m.labels),
      ]),
      [4],
    ),
  ];
}

// live tells whether a model answers. One that a pilot alone uses is not in production.
function live(m) {
  if (!m.live) return "—";
  const piloted = m.aliases.length > 0 && m.aliases.every((a) => a === "challenger" || a.startsWith("pilot/"));
  return piloted ? t("overview.live.pilot") : "✓ " + t("yes");
}

function reembedding({ reembedding: r }) {
  if (!r.next) return [el("p.muted", t("none"))];
  return [
    el(
      "p",
      t("overview.reembedding.going", r.live, r.next, count(r.done), count(r.total)),
      r.paused && " · " + t("overview.reembedding.paused"),
    ),
    el("progress", { max: Number(r.total) || 1, value: Number(r.done), "aria-label": t("overview.reembedding") }),
    r.problem && el("p.alarm", r.problem),
  ];
}

function changes({ changes }) {
  if (!changes.length) return [el("p.muted", t("overview.changes.none"))];
  return [
    el(
      "ul",
      changes.map((c) =>
        el(
          "li",
          when(c.time),
          " · ",
          el("b", c.alias),
          " ",
          name(c.action),
          t("colon"),
          changed(c),
          " ",
          list([c.by, c.reason]),
        ),
      ),
    ),
  ];
}

// changed tells from which model to which, and of a pilot its settings in words.
function changed(c) {
  if (!c.alias.startsWith("pilot/")) return el("span.mono", `${c.before || "—"} → ${c.now || "—"}`);
  let p;
  try {
    p = JSON.parse(c.now || c.before);
  } catch {
    return ""; // of a version that writes them otherwise
  }
  return [
    name("PILOT_MODE_" + (p.mode ?? "").toUpperCase()),
    t("colon"),
    el("span.mono", `${p.where} × ${p.challenger}`),
    p.share ? " " + percent(p.share) : "",
  ];
}

function pilots({ pilots }, signal) {
  if (!pilots.length) return [el("p.muted", t("overview.pilots.none"))];
  return [
    el(
      "ul",
      pilots.map((p) => {
        const item = el(
          "li",
          el("b", p.name),
          " · ",
          t("overview.pilot", p.where, known(p.mode), percent(p.share), when(p.start_time)),
          " ",
          el("span.mono", p.challenger),
        );
        attempt(item, signal, async () => {
          const report = await call(`pilots/${encodeURIComponent(p.name)}/report`, undefined, signal);
          item.append(
            el("p", t("overview.verdict"), t("colon"), el("b", name(report.verdict)), " ", local(report.reason)),
          );
        });
        return item;
      }),
    ),
  ];
}
