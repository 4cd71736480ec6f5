package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"pgregory.net/rapid"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

// drawPatents gives two patents of one number.
func drawPatents(t *rapid.T) (old, change *pb.Patent) {
	a, b := patents.Draw(t, "old"), patents.Draw(t, "change")
	old, change = ToPatent(&a, match.Indexed, ""), ToPatent(&b, "", "")
	change.Number = old.Number
	return old, change
}

func sameMessage(t rapid.TB, want, got proto.Message) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Fatalf("want −, got +:\n%s", diff)
	}
}

// fieldsOf lists the paths of a message's fields down to two levels, but those of
// info that the service sets.
func fieldsOf(m proto.Message, identity string) (top, nested []string) {
	fields := m.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		name := string(f.Name())
		if name == identity || name == "info" {
			continue
		}
		top = append(top, name)
		if f.Message() != nil && !f.IsMap() && !f.IsList() {
			for j := range f.Message().Fields().Len() {
				nested = append(nested, name+"."+string(f.Message().Fields().Get(j).Name()))
			}
		}
	}
	return append(top, "info.visibility"), nested
}

func TestTheMaskOfEveryFieldReplaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, change := drawPatents(t)
		want := proto.CloneOf(change)
		want.Info = proto.CloneOf(old.Info)
		want.Info.Visibility = change.Info.Visibility

		top, nested := fieldsOf(old, "number")
		every := rapid.Permutation(append(top, nested...)).Draw(t, "paths")
		kept, given := proto.CloneOf(old), proto.CloneOf(change)
		for _, m := range []*fieldmaskpb.FieldMask{nil, mask(), mask("*"), mask(top...), mask(every...)} {
			got, err := ApplyPatentMask(old, change, m)
			if err != nil {
				t.Fatal(err)
			}
			sameMessage(t, want, got)
		}
		sameMessage(t, kept, old)
		sameMessage(t, given, change)
	})
}

// leaves gives the text form of every field on both levels; that of an unset message
// is that of an empty one.
func leaves(m proto.Message, paths []string) map[string]string {
	out := map[string]string{}
	for _, name := range paths {
		at := m.ProtoReflect()
		parts := strings.Split(name, ".")
		for _, part := range parts[:len(parts)-1] {
			at = at.Get(at.Descriptor().Fields().ByName(protoreflect.Name(part))).Message()
		}
		f := at.Descriptor().Fields().ByName(protoreflect.Name(parts[len(parts)-1]))
		one := at.New()
		if at.Has(f) {
			one.Set(f, at.Get(f))
		}
		raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(one.Interface())
		if err != nil {
			panic(err)
		}
		out[name] = string(raw)
	}
	return out
}

func TestAPathChangesThatFieldAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, change := drawPatents(t)
		eachPathChangesItself(t, old, change, "number", func(m *fieldmaskpb.FieldMask) (proto.Message, error) {
			return ApplyPatentMask(old, change, m)
		})
		a, b := demands.Draw(t, "old"), demands.Draw(t, "change")
		oldDemand, newDemand := ToDemand(&a, "", ""), ToDemand(&b, "", "")
		newDemand.Id = oldDemand.Id
		eachPathChangesItself(t, oldDemand, newDemand, "id", func(m *fieldmaskpb.FieldMask) (proto.Message, error) {
			return ApplyDemandMask(oldDemand, newDemand, m)
		})
	})
}

func eachPathChangesItself(t rapid.TB, old, change proto.Message, identity string, apply func(*fieldmaskpb.FieldMask) (proto.Message, error)) {
	top, nested := fieldsOf(old, identity)
	all := append(append([]string{identity, "info.revision", "info.update_time"}, top...), nested...)
	before, after := leaves(old, all), leaves(change, all)
	for _, path := range append(top, nested...) {
		got, err := apply(mask(path))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for name, value := range leaves(got, all) {
			want := before[name]
			if name == path || strings.HasPrefix(name, path+".") {
				want = after[name]
			} else if strings.HasPrefix(path, name+".") {
				continue // the message around the field
			}
			if value != want {
				t.Fatalf("mask %s: %s is %q, not %q", path, name, value, want)
			}
		}
	}
}

func TestAFieldThatStaysEmptyMakesNoMessageAroundIt(t *testing.T) {
	change := &pb.Patent{Number: "CN1", Fee: &pb.MoneyRange{MinCny: 5}}
	got, err := ApplyPatentMask(&pb.Patent{Number: "CN1"}, change, mask("fee.max_cny", "rating.mean"))
	if err != nil {
		t.Fatal(err)
	}
	sameMessage(t, &pb.Patent{Number: "CN1"}, got)
}

func TestWithoutAnOldRecordTheIdentityIsTakenFromTheChange(t *testing.T) {
	got, err := ApplyPatentMask(nil, &pb.Patent{Number: "CN1", Title: "t", Claims: "c"}, mask("title"))
	if err != nil {
		t.Fatal(err)
	}
	sameMessage(t, &pb.Patent{Number: "CN1", Title: "t"}, got)
}

func TestAWrongMaskNamesThePath(t *testing.T) {
	_, missing := ApplyPatentMask(&pb.Patent{}, nil, nil)
	_, other := ApplyPatentMask(&pb.Patent{Number: "CN1"}, &pb.Patent{Number: "CN2"}, nil)
	patent := func(paths ...string) error {
		_, err := ApplyPatentMask(&pb.Patent{}, &pb.Patent{}, mask(paths...))
		return err
	}
	unknown := func(path string) string { return `update_mask.paths[0]: "` + path + `" is not a field of a patent` }
	for want, got := range map[string]error{
		"patent: is missing":               missing,
		"patent.number: cannot be changed": other,
		unknown("colour"):                  patent("colour"),
		unknown(""):                        patent(""),
		unknown("fee.minCny"):              patent("fee.minCny"),
		unknown("fee."):                    patent("fee."),
		unknown("title.length"):            patent("title.length"),
		unknown("applicants.name"):         patent("applicants.name"),
		unknown("attributes.value"):        patent("attributes.value"),
		unknown("info.colour"):             patent("info.colour"),
		`update_mask.paths[1]: "number" is the identity of the patent and cannot be changed`:                      patent("title", "number"),
		`update_mask.paths[0]: "info" is set by the service; of info only "info.visibility" can be written`:       patent("info"),
		`update_mask.paths[0]: "info.state" is set by the service; of info only "info.visibility" can be written`: patent("info.state"),
	} {
		if got == nil || got.Error() != want || match.KindOf(got) != match.Invalid {
			t.Errorf("got %v\nwant %s", got, want)
		}
	}
}
