// Package chattest has a chat model for tests of what asks one.
package chattest

import (
	"context"
	"sync"

	"github.com/duijie/duijie/internal/chat"
)

// Model gives every question the same answer, and keeps the questions. It is safe for
// concurrent use.
type Model struct {
	Answer string
	Tokens int
	Err    error
	// Silent answers nothing until the context ends.
	Silent bool

	mu sync.Mutex
	// Orders and Data are the instructions and the data of the questions so far.
	Orders, Data []string
}

// Ask answers as it was told to.
func (m *Model) Ask(ctx context.Context, instructions, data string) (chat.Answer, error) {
	if m.Silent {
		<-ctx.Done()
		return chat.Answer{}, ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Orders, m.Data = append(m.Orders, instructions), append(m.Data, data)
	return chat.Answer{Text: m.Answer, Tokens: m.Tokens}, m.Err
}
