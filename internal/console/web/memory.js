// What the browser keeps for the next visit. Where it may keep nothing, that lasts as long
// as the page.
const own = new Map();

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return own.get(key) ?? null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    own.set(key, value);
  }
}
