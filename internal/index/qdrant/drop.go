package qdrant

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// DropModels deletes the collections that Open has made with the prefix of cfg for the
// given names ("patents", "demands") under models that are not in keep, and returns of
// how many models there were any. A collection that this package did not make is left
// alone, whatever its name. Errors are those of Open.
func DropModels(ctx context.Context, cfg Config, collections, keep []string) (dropped int, err error) {
	if err := cfg.Validate(); err != nil {
		return 0, match.About("qdrant", err)
	}
	cfg = cfg.withDefaults()
	nodes, err := cfg.connect()
	if err != nil {
		return 0, err
	}
	r := remote{nodes, cfg.address(), cfg.Prefix + "_*", cfg.Timeout}
	defer func() { err = errors.Join(err, nodes.close()) }()
	names, err := r.list(ctx)
	if err != nil {
		return 0, err
	}
	models := map[string]bool{}
	for _, name := range names {
		model, ours := modelOf(cfg.Prefix, name, collections)
		if !ours || slices.ContainsFunc(keep, func(id string) bool { return collectionName("", index.Spec{Model: id}) == "__"+model }) {
			continue
		}
		gone, err := r.drop(ctx, name)
		if err != nil {
			return len(models), err
		}
		if gone {
			models[model] = true
		}
	}
	return len(models), nil
}

// modelOf takes a name of collectionName apart.
func modelOf(prefix, name string, collections []string) (model string, ours bool) {
	for _, c := range collections {
		form := regexp.MustCompile("^" + regexp.QuoteMeta(prefix+"_"+c+"_") + "([0-9a-f]{12})(_[0-9]+)?$")
		if m := form.FindStringSubmatch(name); m != nil {
			return m[1], true
		}
	}
	return "", false
}

// drop deletes a collection that says of itself that it is Duijie's, and tells whether
// it did.
func (r remote) drop(ctx context.Context, name string) (bool, error) {
	r.collection = name
	info, err := r.info(ctx)
	if match.KindOf(err) == match.NotFound {
		return false, nil // by another process
	}
	if err != nil || info.GetConfig().GetMetadata()[specName].GetStringValue() == "" {
		return false, err
	}
	return true, r.deleteCollection(ctx, name)
}

// list returns the names of all collections of the server, in their order.
func (r *remote) list(ctx context.Context) ([]string, error) {
	names, err := call(ctx, r, "list collections", func(ctx context.Context, c *qdrant.Client) ([]string, error) {
		return c.ListCollections(ctx)
	})
	slices.Sort(names)
	return names, err
}

// deleteCollection deletes a collection and the names that speak of it. One that is not
// there is no error; the server has a word for that which it has for other errors too.
func (r *remote) deleteCollection(ctx context.Context, name string) error {
	names, err := r.list(ctx)
	if err != nil || !slices.Contains(names, name) {
		return err
	}
	_, err = call(ctx, r, "delete collection", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.DeleteCollection(ctx, name)
	})
	return err
}

// discard deletes the collection that the name speaks of.
func (r *remote) discard(ctx context.Context) error {
	names, err := r.list(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != r.collection && !numberOf(r.collection, name) {
			continue
		}
		if err := r.deleteCollection(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// numberOf tells whether a name is that of a collection behind an alias; see numbered.
func numberOf(alias, name string) bool {
	return regexp.MustCompile("^" + regexp.QuoteMeta(alias) + "_[0-9]+$").MatchString(name)
}
