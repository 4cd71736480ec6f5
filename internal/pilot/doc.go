// Package pilot chooses the model of each request, and compares challengers with what is
// in production on live requests.
//
// A request is answered by the first of these that has a version in production:
//
//	the model that it asks for
//	tenant/NAME     of its tenant
//	sector/CODE     of its record: as the record says, by the IPC of a patent, or by the
//	                nearest centroid of the sectors' vectors, where that is certain enough
//	region/NN       of its record
//	national        else the ranker that is built in
//
// and the answer says which, and why. A running pilot (registry.Pilot) then has its word:
//
//	shadow      the challenger orders the candidates as well, later and beside the path of
//	            the request; what would have differed is written down
//	ab          a hash of the party decides whose model answers it, always the same; who is
//	            no known party gets what is live, and is not counted
//	interleave  both pick hits in turn; what the party does with them is their credit. A hit
//	            names the model that put it there, whose score it shows: scores compare
//	            among the hits of one model
//
// A pilot takes part where its alias answers, or would if it had a version; no two run for
// one alias.
//
// A Report holds what was seen, and a verdict that may be looked at any day. It rests on
// a test martingale: see Evidence.
//
// Callers rely on this: choosing takes microseconds and no I/O; a shadow never delays an
// answer, and what it could not look at is counted; a party sees one model in a pilot.
package pilot
