// The page that finds the other side of the market.
import { link, matchLink } from "./address.js";
import { firstPage, pageSize, showAnswer } from "./answer.js";
import { call, query } from "./api.js";
import { el, put } from "./dom.js";
import { form } from "./form.js";
import { attempt, awaited, facts, heading, idOf } from "./parts.js";
import { t } from "./words.js";

// find shows the form and, where the state names something to match, the answer.
export async function find(state, view, signal) {
  const from = state.from === "patent" ? "patent" : "demand";
  const out = el("section.answer");
  put(view, el("div.columns", form({ ...state, from }, signal), out));
  if (!state.id && !state.text) {
    put(out, heading(t("find.title"), t("find.lead")));
    return attempt(out, signal, () => browse(from, state.page, out, signal));
  }
  await attempt(out, signal, async () => {
    const request = requestOf(state, from);
    const answer = await awaited(
      out,
      call("match", { ...request, page_token: state.page, page_size: pageSize, explain: true, facets: true }, signal),
    ).catch((err) => {
      if (state.page) out.append(firstPage(state)); // the list that the token goes on with is kept for a while
      throw err;
    });
    await showAnswer(out, { answer, request, state, signal });
  });
}

// requestOf makes a request of the API of the state in the address.
function requestOf(state, from) {
  const words = (text, between = /[\s,，、;；]+/) =>
    (text ?? "")
      .split(between)
      .map((w) => w.trim())
      .filter(Boolean);
  const filter = {
    regions: words(state.region),
    transfer_modes: words(state.mode),
    include_unavailable: Boolean(state.all),
  };
  if (from === "demand") {
    filter.ipc = words(state.ipc, /[,，、;；]+/); // a symbol may hold a space
    filter.legal_statuses = words(state.status);
  } else {
    filter.industries = words(state.industry);
  }
  const what = state.id
    ? { [from === "demand" ? "demand_id" : "patent_number"]: state.id }
    : { text: { kind: "RECORD_KIND_" + from.toUpperCase(), title: state.title, body: state.text } };
  return { ...what, filter, order: state.order && "ORDER_" + state.order.toUpperCase(), collapse: Boolean(state.once), exclusions: Boolean(state.bans) };
}

// browse lists what is stored, to begin from.
async function browse(kind, page_token, out, signal) {
  const got = await call(`${kind}s` + query({ page_size: 12, page_token }), undefined, signal);
  const all = got[`${kind}s`];
  out.append(
    el("h2", t("find.browse." + kind)),
    all.length
      ? el(
          "ul.stored",
          all.map((r) =>
            el("li", el("a", { href: matchLink(kind, idOf(r)) }, r.title || r.text || idOf(r)), facts(kind, r)),
          ),
        )
      : el("p.muted", t("find.browse.none")),
  );
  if (got.next_page_token)
    out.append(
      el(
        "nav.pages",
        el("a.button", { href: link("find", { from: kind, page: got.next_page_token }) }, t("answer.next")),
      ),
    );
}
