//go:build race

package faithful_test

const raceEnabled = true
