// Marking places of a text. Offsets of the API count Unicode code points, those of
// JavaScript's strings UTF-16 units: a text is taken apart before it is cut.

// pieces cuts a text at the ends of spans and says of each piece which spans it lies in, by
// their places in the list. Spans may overlap. One whose text is not what stands there, as
// in another revision, is left out.
export function pieces(text, spans) {
  const points = Array.from(text);
  const sound = spans.map((s) => s.start < s.end && points.slice(s.start, s.end).join("") === s.text);
  const cuts = new Set([0, points.length]);
  spans.forEach((s, i) => sound[i] && cuts.add(s.start).add(s.end));
  const ends = [...cuts].sort((a, b) => a - b);
  return ends.slice(1).map((end, i) => ({
    text: points.slice(ends[i], end).join(""),
    in: spans.flatMap((s, n) => (sound[n] && s.start <= ends[i] && end <= s.end ? [n] : [])),
  }));
}

// steps turns contributions into the stretches that they cover when they are put end to
// end, and the scale on which all of them lie.
export function steps(contributions) {
  let at = 0;
  const all = contributions.map((c) => ({ from: at, to: (at += c) }));
  const ends = all.flatMap((s) => [s.from, s.to]);
  return { all, sum: at, low: Math.min(0, ...ends), high: Math.max(0, ...ends) };
}
