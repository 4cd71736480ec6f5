// Package postgrestest gives tests a real PostgreSQL server. Each caller gets a schema
// of its own, which is dropped at the test's end; where there is no server, the test is
// skipped and says why.
package postgrestest
