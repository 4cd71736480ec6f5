package store

import "context"

// Claimer is what a store offers besides Store if several processes have it open at
// once: they divide work among themselves by its name.
type Claimer interface {
	// Claim gives the caller the work of a name, and nil without an error where another
	// one has it. A process that dies or loses its connection loses its claims.
	Claim(ctx context.Context, name string) (Claim, error)
}

// Claim is work that no other process does. One goroutine at a time may use it.
type Claim interface {
	// Held returns an error where the claim may be lost. Without one it was held at a
	// moment during the call.
	Held(ctx context.Context) error
	// Release lets others have the work. The claim is not used after it.
	Release() error
}
