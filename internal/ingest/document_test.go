package ingest

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestAListOfLabelsIsReadBareAndInAnObject(t *testing.T) {
	const one, two = `{"demand_id": "D1", "patent_number": "CN1", "level": 3}`, "{\n  \"demand_id\": \"D2\",\n  \"patent_number\": \"CN1\",\n  \"level\": \"LEVEL_WEAK\"\n}"
	for name, c := range map[string]struct {
		content   string
		good, bad int
	}{
		"as listed":            {"{\"labels\": [\n" + one + ",\n" + two + "\n]}\n", 2, 0},
		"indented":             {"{\n  \"labels\": [\n    " + one + ",\n" + two + "\n  ]\n}\n", 2, 0},
		"a page of the API":    {`{"labels":[` + one + `],"next_page_token":"x"}`, 1, 0},
		"behind a mark":        {byteOrderMark + `{"records":[` + one + `]}`, 1, 0},
		"bare":                 {"[" + one + ",\n" + two + "]", 2, 0},
		"none":                 {"{\"labels\": []}\n", 0, 0},
		"an object not closed": {`{"labels":[` + one + `]`, 1, 1},
		"more behind it":       {`{"labels":[` + one + "]}\n" + one, 1, 1},
		"a list not closed":    {`{"labels":[` + one, 1, 1},
		"lines":                {one + "\n" + one + "\n", 2, 0},
		"a damaged first line": {"{\"demand_id\": \n" + one + "\n", 1, 1},
	} {
		rows, _ := readAll(t, "labels.json", c.content, Options{Kind: LabelKind})
		good := 0
		for _, row := range rows {
			if row.Err == nil {
				good++
			}
		}
		if good != c.good || len(rows)-good != c.bad {
			t.Errorf("%s: %d good, %d bad", name, good, len(rows)-good)
		}
	}
}

func TestADocumentWithoutAListInFrontIsRefusedAsAWhole(t *testing.T) {
	const label = "{\"demand_id\": \"D1\", \"patent_number\": \"CN1\", \"level\": 3}"
	for name, content := range map[string]string{
		"a member before it": "{\"total\": 1,\n\"labels\": [\n" + label + "\n]}\n",
		"one indented":       "{\n  \"demand_id\": \"D1\"\n}\n",
		"a long one":         "{\"total\": 1,\n\"labels\": [\n" + strings.Repeat(label+",\n", 2*sample/len(label)) + label + "]}",
	} {
		_, err := NewReader(strings.NewReader(content), "labels.json", Options{Kind: LabelKind})
		if err == nil || !strings.Contains(match.Localised(err).ZH, "跨多行的单个 JSON 对象") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
