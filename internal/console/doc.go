// Package console is the web console: pages for people who look for matches, check
// demands and judge pairs. Its files are embedded and served as they are, without a
// build step, a framework or anything from another site.
//
// It leaves everything to the HTTP API, whose client the pages are, and knows no other
// package of this module.
//
// Callers rely on this: the pages run no script but their own files, turn no text of a
// record into markup (the policy that is sent forbids both), and keep what is asked for
// in the fragment of their address, which browsers do not send to servers.
package console
