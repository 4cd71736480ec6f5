package instance_test

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// following is the settings that choose no model.
func (c *changes) following() instance.Config {
	return instance.Config{Data: c.dir, Follow: true, Way: instance.Way{Kind: "static"}, Other: c.config("a").Other}
}

func TestAFolderThatIsFollowedKeepsItsModelAndGoesOnBuilding(t *testing.T) {
	c, in := changedFromAToB(t)
	shut(t, in)
	in = open(t, c.following())
	settled(t, in)
	c.wantAnswer(t, in, 7, "b")
	shut(t, in)
	wantModels(t, c.dir, instance.Models{Live: "b", Previous: "a"})
	if err := instance.WritePace(c.dir, instance.Pace{Paused: true}); err != nil {
		t.Fatal(err)
	}
	shut(t, open(t, c.config("c")))
	held := c.following()
	held.Hold, held.Same = true, true
	shut(t, open(t, held))
	wantModels(t, c.dir, instance.Models{Live: "b", Previous: "a", Next: "c"})
	if err := instance.WritePace(c.dir, instance.Pace{}); err != nil {
		t.Fatal(err)
	}
	in = open(t, c.following())
	settled(t, in)
	c.wantAnswer(t, in, 7, "c")
	rolledBack(t, in, instance.Models{Live: "b", Previous: "c", RolledBack: "c"})
	if m, err := in.Reembed(t.Context(), nil); err != nil || m.Live != "c" {
		t.Errorf("%+v, %v; want the one that was rolled back", m, err)
	}
	shut(t, in)
}

func TestAnotherModelIsRefusedWhereTheSameIsAskedFor(t *testing.T) {
	c, in := changedFromAToB(t)
	shut(t, in)
	for name, want := range map[string]match.ErrorKind{"a": match.Conflict, "c": match.Conflict, "b": match.Internal} {
		config := c.config(name)
		config.Same, config.Hold = true, true
		in, err := instance.Open(t.Context(), config)
		if (err != nil) != (name != "b") || match.KindOf(err) != want {
			t.Errorf("%s: %v, want kind %s", name, err, want)
		}
		if err == nil {
			shut(t, in)
		} else if !strings.Contains(match.Localised(err).ZH, "要更换请用 duijie reembed") {
			t.Errorf("%s: %s", name, match.Localised(err).ZH)
		}
	}
	wantModels(t, c.dir, instance.Models{Live: "b", Previous: "a"})
}

func TestABuiltInModelOfAnotherVersionIsNotHeldOnTo(t *testing.T) {
	c := newChanges(t)
	config := c.config("a") // in the part of the built-in model of another version
	config.Way = instance.Way{Kind: "static"}
	in := open(t, config)
	settled(t, in)
	shut(t, in)
	builtin := c.builtin(t)
	in = open(t, instance.Config{Data: c.dir, Follow: true, Same: true, Hold: true, Way: instance.Way{Kind: "static"}})
	settled(t, in)
	c.wantAnswer(t, in, 7, builtin)
	shut(t, in)
}
