package wire

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// ApplyPatentMask returns old with the fields that mask names taken from change. It
// changes neither, and a nil old is a patent of which only the number is known.
//
// A path is a field ("fee") or a field of a message that is there at most once
// ("fee.min_cny"); lists and maps are taken whole. A field that change does not set
// becomes empty. "*", as an empty mask, is everything that a caller may write: info
// beyond info.visibility is left as it is in old. Naming the number, the rest of
// info or an unknown path is an error of kind match.Invalid, as is another number
// than old's, in whatever spelling.
func ApplyPatentMask(old, change *pb.Patent, mask *fieldmaskpb.FieldMask) (*pb.Patent, error) {
	if number := match.NormaliseNumber(change.GetNumber()); number != change.GetNumber() {
		change = proto.CloneOf(change)
		change.Number = number
	}
	return applyMask(old, change, mask, "patent", "number")
}

// ApplyDemandMask is ApplyPatentMask for demands, whose identity is the id.
func ApplyDemandMask(old, change *pb.Demand, mask *fieldmaskpb.FieldMask) (*pb.Demand, error) {
	return applyMask(old, change, mask, "demand", "id")
}

// path leads from a message to one of its fields.
type path []protoreflect.FieldDescriptor

const (
	everything = "*"
	infoField  = protoreflect.Name("info")
	// writableInfo is the one field of info that callers set.
	writableInfo = "info.visibility"
)

func applyMask[M proto.Message](old, change M, mask *fieldmaskpb.FieldMask, what string, identity protoreflect.Name) (M, error) {
	var none M
	if !change.ProtoReflect().IsValid() {
		return none, match.Invalidf(what, "is missing")
	}
	from := proto.Clone(change).ProtoReflect() // its lists and messages go to the result
	key := from.Descriptor().Fields().ByName(identity)
	to := from.New()
	if old.ProtoReflect().IsValid() {
		to = proto.Clone(old).ProtoReflect()
		if from.Has(key) && !from.Get(key).Equal(to.Get(key)) {
			return none, match.Invalidf(join(what, string(identity)), "cannot be changed")
		}
	} else {
		to.Set(key, from.Get(key))
	}
	names := mask.GetPaths()
	if len(names) == 0 {
		names = []string{everything}
	}
	for i, name := range names {
		paths, err := pathsOf(to.Descriptor(), name, what, identity)
		if err != nil {
			err.Field = indexed("update_mask.paths", i)
			return none, err
		}
		for _, p := range paths {
			p.take(to, from)
		}
	}
	return to.Interface().(M), nil
}

// pathsOf gives the paths that an entry of a mask stands for. Its error names no field yet.
func pathsOf(d protoreflect.MessageDescriptor, name, what string, identity protoreflect.Name) ([]path, *match.Error) {
	if name == everything {
		return writablePaths(d, identity), nil
	}
	p := resolve(d, name)
	switch {
	case p == nil:
		return nil, match.Invalidf("", "%q is not a field of a %s", name, match.Kind(what).Words())
	case p[0].Name() == identity:
		return nil, match.Invalidf("", "%q is the identity of the %s and cannot be changed", name, match.Kind(what).Words())
	case p[0].Name() == infoField && name != writableInfo:
		return nil, match.Invalidf("", "%q is set by the service; of info only %q can be written", name, writableInfo)
	}
	return []path{p}, nil
}

func writablePaths(d protoreflect.MessageDescriptor, identity protoreflect.Name) []path {
	paths := []path{resolve(d, writableInfo)}
	for i := range d.Fields().Len() {
		if f := d.Fields().Get(i); f.Name() != identity && f.Name() != infoField {
			paths = append(paths, path{f})
		}
	}
	return paths
}

// resolve gives nil for a path that leads nowhere.
func resolve(d protoreflect.MessageDescriptor, name string) path {
	var p path
	for part := range strings.SplitSeq(name, ".") {
		if d == nil {
			return nil
		}
		f := d.Fields().ByName(protoreflect.Name(part))
		if f == nil {
			return nil
		}
		p, d = append(p, f), nil
		if !f.IsList() && !f.IsMap() {
			d = f.Message() // nil for a scalar
		}
	}
	return p
}

// take copies one field. It makes no message on the way just to leave a field of it
// empty: a fee that is not known does not become a fee of 0.
func (p path) take(to, from protoreflect.Message) {
	parents, field := p[:len(p)-1], p[len(p)-1]
	for _, f := range parents {
		from = from.Get(f).Message()
	}
	for _, f := range parents {
		if !from.Has(field) && !to.Has(f) {
			return
		}
		to = to.Mutable(f).Message()
	}
	if from.Has(field) {
		to.Set(field, from.Get(field))
	} else {
		to.Clear(field)
	}
}
