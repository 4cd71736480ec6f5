// Package openai is the embedder that asks an OpenAI-compatible /embeddings
// endpoint: a hosted service, vLLM, text-embeddings-inference, Ollama and others.
//
// It cuts calls into batches of so many texts and characters, sends a few of them at
// a time, tries again what may succeed later and not before the endpoint wants it,
// leaves an endpoint that is down alone for a while, finds the text that made a batch
// be refused, and checks all that comes back: one vector for each text, of the right
// dimensions, of finite numbers. Caching is left to package cache, texts that are too
// long for the model to package passage.
//
// Callers rely on this:
//   - Vectors have length 1 and stand in the order of the texts, whatever the
//     order of the reply. A blank text costs no request and has the zero vector.
//   - The key stands in no error, in no identity and in no printed Config. It goes
//     to the endpoint alone: redirects are not followed.
//   - An error is of kind Unavailable where a later try may succeed, Denied where
//     the key is at fault, Invalid where the settings are.
//
// What it cannot promise is that the server computes the same number twice; most
// do to some digits only. Equal identities therefore mean the same endpoint, model
// and settings.
package openai
