package endpoint

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Unavailable says why an endpoint gave no answer, by a format that has a translation.
func Unavailable(reason string, args ...any) error {
	return (&match.Error{Kind: match.Unavailable}).Because(reason, args...)
}

// maxMessage is how many bytes of a server's message are repeated.
const maxMessage = 300

// Told is what a reply said: its status, where it is not 0, and the beginning of its
// message, without the key.
func Told(status int, message, key string) string {
	if key != "" {
		message = strings.ReplaceAll(message, key, "[key]")
	}
	if len(message) > maxMessage {
		message = message[:maxMessage] + "…"
	}
	message = strings.ToValidUTF8(strings.TrimSpace(message), "")
	if status != 0 {
		return fmt.Sprintf("status %d: %s", status, message)
	}
	return message
}
