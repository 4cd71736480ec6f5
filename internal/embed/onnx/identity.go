package onnx

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// identity digests what changes the vectors: the content of graph and tokeniser,
// the settings and the library's version.
func identity(f folder, settings ...string) (string, error) {
	digest := sha256.New()
	files := []string{f.graph, f.tokeniser}
	// Graphs above 2 GB keep their weights beside them.
	weights, err := filepath.Glob(escaped(f.graph) + "[_.]data*")
	if err != nil {
		return "", err
	}
	slices.Sort(weights)
	for _, path := range append(files, weights...) {
		if err := addFile(digest, path); err != nil {
			return "", err
		}
	}
	for _, s := range settings {
		fmt.Fprintf(digest, "%d:%s", len(s), s)
	}
	return "onnx/" + f.name + "/" + hex.EncodeToString(digest.Sum(nil))[:12], nil
}

// addFile adds the file's own digest, so that no two lists of files look alike.
func addFile(to hash.Hash, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	own := sha256.New()
	if _, err := io.Copy(own, file); err != nil {
		return err
	}
	_, err = to.Write(own.Sum(nil))
	return err
}
