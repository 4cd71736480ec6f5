package judge

import "github.com/duijie/duijie/internal/chat"

// suspect tells whether a text speaks to a model.
func suspect(s sent) bool { return chat.Suspect(s.Title) || chat.Suspect(s.Text) }
