// Package chat asks an OpenAI-compatible chat endpoint: a hosted service, vLLM, Ollama
// and others. What is asked, and what an answer is worth, is left to its callers.
//
// It is for what can be done without: one attempt with a time limit, and an endpoint that
// failed a few times in a row is left alone for a while.
//
// Callers rely on this:
//   - The key stands in no error and in no printed Config. It goes to the endpoint alone:
//     redirects are not followed.
//   - A reply has at most MaxReply bytes; a longer one is an error.
//   - An error is of kind Unavailable where a later try may succeed, Denied where the key
//     is at fault, Invalid where the settings are.
package chat
