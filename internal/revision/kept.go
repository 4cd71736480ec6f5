package revision

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"

	"github.com/duijie/duijie/internal/match"
)

// EncodeKept gives an answer as JSON, deflated.
func EncodeKept(k *match.Kept) ([]byte, error) {
	text, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// maxKept bounds what a damaged answer may unfold to.
const maxKept = 64 << 20

// DecodeKept is the inverse of EncodeKept. Its error is of kind match.Corrupt.
func DecodeKept(body []byte) (*match.Kept, error) {
	k := &match.Kept{}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(body)), maxKept))
	if err == nil {
		err = json.Unmarshal(text, k)
	}
	if err != nil {
		return nil, &match.Error{Kind: match.Corrupt, Reason: "a kept answer cannot be read", Err: err}
	}
	return k, nil
}
