// The HTTP API, beside which the console lives, also below a prefix that a proxy adds.
import { english, t } from "./words.js";

const root = new URL("../v1/", import.meta.url);

// Failure is an error in words for people.
export class Failure extends Error {
  constructor(message, code = 0) {
    super(message);
    this.code = code; // status of HTTP; 0 where there was no answer
  }
}

// call gets an answer, by POST where there is a body. signal gives the call up.
export async function call(path, body, signal) {
  const init = { signal };
  if (body !== undefined) {
    Object.assign(init, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  }
  let response, text;
  try {
    response = await fetch(new URL("./" + path, root), init);
    text = await response.text();
  } catch (err) {
    if (err.name === "AbortError") throw err;
    throw new Failure(t("error.down"));
  }
  const answer = parsed(text);
  if (response.ok && answer) return answer;
  throw new Failure(
    reason(answer) || t("error." + response.status, t("error.other")) + ` (HTTP ${response.status})`,
    response.status,
  );
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's page
  }
}

// reason is what an error says of itself: its message is English, a detail has the Chinese.
function reason(answer) {
  const local = answer?.details?.find((d) => d["@type"]?.endsWith("LocalizedMessage"));
  return (!english() && local?.message) || answer?.message;
}

// query makes the query part of a path of what is not empty.
export function query(values) {
  const q = new URLSearchParams(Object.entries(values).filter(([, v]) => v)).toString();
  return q && "?" + q;
}

// record gets a patent or a demand; kind says which.
export async function record(kind, id, revision, signal) {
  return (await call(`${kind}s/${encodeURIComponent(id)}` + query({ revision }), undefined, signal))[kind];
}
