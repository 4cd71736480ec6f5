package instance

import (
	"context"
	"errors"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
)

// LiveEmbedder returns the live model of the folder of c, for who looks at its vectors:
// c.Embedder where that is the live one or the folder does not say, else the one of
// models.json. Only with toEmbed it is opened, by c.Other; otherwise it has an identity
// and dimensions, and embeds nothing. An error is of kind match.Unavailable: it cannot be
// opened, or nothing is noted of it.
func LiveEmbedder(ctx context.Context, c Config, toEmbed bool) (embed.Embedder, error) {
	m, err := ReadModels(c.Data)
	if err != nil || m.Live == "" || m.Live == c.Embedder.Identity() {
		return c.Embedder, err
	}
	builtin, err := static.Builtin()
	if err != nil || m.Live == builtin.Identity() {
		return builtin, err
	}
	way := m.Known[m.Live]
	switch {
	case !toEmbed && way.Dim > 0:
		return absent{m.Live, way.Dim, errors.New("it is not opened")}, nil
	case way.Kind == "" || c.Other == nil:
		return nil, cannotOpen(m.Live, errNoWay)
	}
	e, err := c.Other(ctx, way)
	if err == nil && e.Identity() != m.Live {
		err = errors.New("what is in its place is " + e.Identity())
	}
	if err != nil {
		return nil, cannotOpen(m.Live, err)
	}
	return e, nil
}
