// A record's page.
import { link, matchLink, recordLink } from "./address.js";
import { record as get } from "./api.js";
import { el, put } from "./dom.js";
import { awaited, bodyOf, hidden, idOf, known } from "./parts.js";
import { fixed, list, money, name, region, t, when } from "./words.js";

// record shows the fields of a record, whether it can be found, and leads to its matches.
export async function record({ kind, id, revision }, view, signal) {
  const r = await awaited(view, get(kind, id, revision, signal));
  const info = r.info,
    at = Number(info.revision);
  const row = ([key, value]) =>
    value &&
    el(
      "div",
      el("dt", t("field." + key), hidden(r, key) && [" ", el("span.chip", t("record.confidential"))]),
      el("dd", value),
    );
  const long = bodyOf(kind).filter((f) => r[f]);
  put(
    view,
    el("p.lead", t("record." + kind), " ", el("span.mono", idOf(r))),
    el("h1", r.title || idOf(r)),
    el(
      "p.row",
      el("a.button.primary", { href: matchLink(kind, idOf(r)) }, t("record.match." + kind)),
      kind === "demand" && el("a.button", { href: link("check", { id: idOf(r) }) }, t("record.check")),
    ),
    el(
      "div",
      { class: "notice " + (info.state === "RECORD_STATE_INDEXED" && !info.withdrawn ? "good" : "warn") },
      t("record.state"),
      t("colon"),
      el("b", info.withdrawn ? t("record.withdrawn") : known(info.state) || t("unknown")),
      info.state_reason && el("p", info.state_reason),
    ),
    el(
      "p.row",
      t("record.revision"),
      " ",
      el("b", info.revision),
      at > 1 && el("a", { href: recordLink(kind, id, at - 1) }, t("record.older")),
      revision && el("a", { href: recordLink(kind, id) }, t("record.newest")),
    ),
    long.map((f) =>
      el(
        "section",
        el("h2", t("field." + f), hidden(r, f) && [" ", el("span.chip", t("record.confidential"))]),
        el("p.body", r[f]),
      ),
    ),
    r.confidential_fields?.length > 0 && el("p.muted", t("record.confidential.lead")),
    el("dl.fields", (kind === "patent" ? patentRows(r) : demandRows(r)).concat(commonRows(r)).map(row)),
  );
}

const patentRows = (p) => [
  ["applicants", list(p.applicants.map((a) => a.name + (known(a.kind) && ` (${known(a.kind)})`)))],
  ["region", p.region && region(p.region)],
  ["legal_status", known(p.legal_status)],
  ["transfer_modes", list(p.transfer_modes.map(name))],
  ["fee", money(p.fee)],
  ["ipc", p.ipc.join("; ")],
  ["sector", p.sector],
  ["tier", p.tier],
  ["pools", list(p.pools)],
  ["readiness", p.readiness > 0 && String(p.readiness)],
  ["self_rating", p.self_rating > 0 && String(p.self_rating)],
  ["rating", rating(p.rating)],
  ...["filing_date", "publication_date", "grant_date", "expiry_date", "family"].map((f) => [f, p[f]]),
];

const demandRows = (d) => [
  ["enterprise.name", d.enterprise?.name],
  ["enterprise.region", d.enterprise?.region && region(d.enterprise.region)],
  ["enterprise.industry", d.enterprise?.industry],
  ["enterprise.kind", known(d.enterprise?.kind)],
  ["sector", d.sector],
  ["budget", money(d.budget)],
  ["deadline", d.deadline],
  ["transfer_modes", list(d.transfer_modes.map(name))],
  ["state", known(d.state)],
  ["standing", d.standing && t("yes")],
  ["rating", rating(d.rating)],
];

const commonRows = (r) => [
  [
    "attributes",
    Object.keys(r.attributes).length > 0 &&
      el(
        "ul",
        Object.entries(r.attributes).map(([k, v]) => el("li", k, t("colon"), v)),
      ),
  ],
  ["visibility", known(r.info.visibility)],
  ["create_time", when(r.info.create_time)],
  ["update_time", when(r.info.update_time)],
];

const rating = (r) => r && t("field.rating.value", fixed(r.mean, 1), r.count);
