// The frame of the console: it shows the page that the address names, in the language of
// the reader.
import { here, link } from "./address.js";
import { answer } from "./answer.js";
import { Failure } from "./api.js";
import { check } from "./check.js";
import { el, put } from "./dom.js";
import { find } from "./find.js";
import { judge } from "./judge.js";
import { overview } from "./overview.js";
import { attempt } from "./parts.js";
import { record } from "./record.js";
import { english, setEnglish, t } from "./words.js";

// pages by their names. Each gets its state, the node to fill and a signal that ends when
// another page is shown, and may return a promise.
const pages = { find, answer, record, check, judge, overview };
const inNav = ["find", "check", "judge", "overview"];

const main = document.getElementById("main");
let leave = new AbortController();

async function show() {
  const { page, state } = here();
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  frame(page);
  const view = el("div", { class: "page " + page });
  put(main, view);
  await attempt(view, signal, () => {
    if (!Object.hasOwn(pages, page)) throw new Failure(t("error.page"), 404);
    return pages[page](state, view, signal);
  });
}

function frame(page) {
  document.documentElement.lang = english() ? "en" : "zh-CN";
  document.title = t("nav." + page, "") ? `${t("nav." + page)} · 对接 Duijie` : "对接 Duijie";
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", t("nav"));
  put(
    nav,
    inNav.map((p) => el("a", { href: link(p), "aria-current": p === page && "page" }, t("nav." + p))),
  );
  const other = document.getElementById("language");
  other.setAttribute("aria-label", t("language.switch"));
  put(other, t("language.other"));
  put(document.getElementById("skip"), t("skip"));
}

document.getElementById("language").addEventListener("click", () => {
  setEnglish(!english());
  show();
});
document.getElementById("skip").addEventListener("click", (e) => {
  e.preventDefault(); // the fragment is the page's
  main.focus();
});
addEventListener("hashchange", () => {
  scrollTo(0, 0);
  main.focus({ preventScroll: true }); // what had it is gone
  show();
});

// On paper there is nothing to open.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.print:not([open])")];
  closed.forEach((d) => (d.open = true));
});
addEventListener("afterprint", () => closed.forEach((d) => (d.open = false)));

show();
