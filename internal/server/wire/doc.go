// Package wire turns messages of the API into domain values and back, and domain
// errors into gRPC statuses.
//
// From… functions read what a caller sent, To… functions write what a caller gets.
// Paging, tenants' rights and which call does what are left to internal/server.
//
// Callers rely on this: a record or label that From… returned without an error has
// passed the domain's Validate, apart from its tenant, which the request names and
// not the message. An error of From… is of kind match.Invalid and names the field
// from the message's own name on, as in "patent.fee.min_cny". Nothing that is
// returned shares lists or maps with what was given. The text of an error that is
// the service's own fault does not reach the caller.
package wire
