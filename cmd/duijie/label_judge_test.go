package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// chatModel answers with level 3 and the two titles.
func chatModel(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Messages []struct{ Content string } }
		var pair struct{ Demand, Patent struct{ Title string } }
		if r.Header.Get("Authorization") != "Bearer k1" || json.NewDecoder(r.Body).Decode(&body) != nil || json.Unmarshal([]byte(body.Messages[1].Content), &pair) != nil {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		text, _ := json.Marshal(map[string]any{"level": 3, "demand": pair.Demand.Title, "patent": pair.Patent.Title})
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": string(text)}}}})
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

func TestAChatModelJudgesFromTheCommandLine(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	url, key := chatModel(t), file(t, "key", "k1\n")
	before := len(listed(t, bin, "--data", data))
	llm := []string{"--llm-url", url, "--llm-model", "m1", "--llm-key-file", key, "--lang", "en", "--data", data}
	fails(t, 0, []string{"llm:m1: 16 pairs, 16 labels of the model written", "KAPPA", "all "}, bin, append([]string{"label", "judge", "-n", "6", "--check", "10"}, llm...)...)
	got := listed(t, bin, "--data", data, "--source", "model")
	if len(got) != 16 || got[0].Rater != "llm:m1" || got[0].Level != match.RatherGoodFit || len(listed(t, bin, "--data", data)) != before+16 {
		t.Errorf("%d labels of the model: %+v", len(got), got)
	}
	fails(t, 0, []string{"SECTOR", "all "}, bin, "label", "agreement", "--data", data, "--lang", "en")
	code, out, errs := outputs(t, bin, "label", "agreement", "--data", data, "--json", "--rater", "llm:m1")
	var report struct {
		Agreements []struct {
			Sector string
			Pairs  string
			Equal  *float64
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 || report.Agreements[0].Pairs != "10" || report.Agreements[0].Equal == nil {
		t.Errorf("%v: %s%s", err, out, errs)
	}
	set := filepath.Join(t.TempDir(), "set")
	fails(t, 0, nil, bin, "export", "--data", data, "--dataset", set)
	if code, out, _ := outputs(t, "grep", "-rc", "llm:m1", set); code == 0 && strings.Contains(out, "labels.csv:1") {
		t.Errorf("the model's labels are in a dataset that did not ask for them: %s", out)
	}
	fails(t, exitUsage, []string{"--llm-url", "is missing"}, bin, "label", "judge", "--data", data, "--lang", "en")
	fails(t, exitUsage, []string{"--llm-url", "a server judges with the chat model"}, bin, append([]string{"label", "judge", "--server", "http://127.0.0.1:1"}, llm...)...)
	fails(t, exitFailed, []string{"the chat model, after 0 labels"}, bin, "label", "judge", "--llm-url", "http://127.0.0.1:1/v1", "--llm-model", "m2", "--lang", "en", "--data", data)
	fails(t, exitFailed, []string{"the chat model, after 0 labels"}, bin, "label", "judge", "--llm-url", url, "--llm-model", "m2", "--lang", "en", "--data", data) // without the key
	fails(t, exitFailed, []string{"no chat model"}, bin, "label", "judge", "--server", serving(t, bin, data), "--lang", "en")
}
