// Package layers holds no code: its test keeps the dependencies between the
// packages of this module as they are meant to be.
package layers
