// Package match is the domain of Duijie: patents, demands, what is known of them,
// how they are asked for and what an answer says.
//
// It imports the standard library alone. How records are stored, embedded,
// indexed, ranked or sent over a wire is left to other packages, all of which
// import this one and none of which it knows.
//
// Callers rely on this: a value that passed Validate can be stored, indexed and
// shown without further checks, and an error tells its kind (KindOf), the record,
// the field and the reason.
package match
