package instance

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

// DropOld deletes the vectors of models that are neither live, nor being built, nor the
// former one, to which a rollback goes; with former, of that one as well, and the way
// back is gone. It returns how many models' vectors there were. Of Config, Data, Index
// and QdrantKey are used; on a server all collections with the prefix of Index count as
// those of this folder.
func DropOld(ctx context.Context, c Config, former bool) (int, error) {
	m, err := ReadModels(c.Data)
	if err != nil {
		return 0, err
	}
	if m.Live == "" {
		return 0, &match.Error{Kind: match.NotFound, Record: c.Data, Reason: "does not say which model is live; open it once"}
	}
	if former && m.Previous != "" {
		if m.Next != "" {
			return 0, &match.Error{Kind: match.Conflict, Record: c.Data, Reason: "a model is being built; drop the former one after that"}
		}
		m.Previous = "" // before its vectors go: nothing may go back to half of them
		if err := writeFile(c.Data, modelsFile, m); err != nil {
			return 0, err
		}
	}
	if c.Index == "" {
		return dropFolders(c.Data, m.kept())
	}
	at, err := c.remote()
	if err != nil {
		return 0, err
	}
	collections := make([]string, len(Kinds))
	for i, kind := range Kinds {
		collections[i] = collection(kind)
	}
	return qdrant.DropModels(ctx, at.Config, collections, m.kept())
}

func dropFolders(data string, keep []string) (dropped int, err error) {
	dirs, err := filepath.Glob(filepath.Join(data, "vectors", "*"))
	if err != nil {
		return 0, err
	}
	for _, dir := range dirs {
		if slices.ContainsFunc(keep, func(id string) bool { return dir == VectorDir(data, id) }) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return dropped, &match.Error{Kind: match.Unavailable, Record: dir, Reason: "cannot be deleted", Err: err}
		}
		dropped++
	}
	return dropped, nil
}
