// Package rerank has a chat model put the first hits of an answer in order: listwise, in
// one request (Sun et al., Is ChatGPT Good at Search? Investigating Large Language Models
// as Re-Ranking Agents, EMNLP 2023). What the order counts for is left to package
// retrieve.
//
// Callers rely on this:
//   - What comes back is a permutation of what was given, whatever the model says: numbers
//     that were not given are ignored, repeated ones count once, and those that are left
//     out follow in the order in which they were. So a text that gives orders can move hits,
//     and neither drops nor adds any.
//   - Of records titles and texts alone are sent, from which the caller has taken what is
//     confidential. Where that leaves a hit without text, it is not sent and stays in its
//     place; a query without text is an error.
//   - There is one request, with a time limit. What was asked before is answered from
//     memory, so that the pages of an answer join.
package rerank
