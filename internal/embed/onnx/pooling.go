package onnx

import (
	"fmt"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
)

// poolingForm is 1_Pooling/config.json, in its old spelling with a switch for
// each way and in its new one.
type poolingForm struct {
	CLS      bool  `json:"pooling_mode_cls_token"`
	Mean     bool  `json:"pooling_mode_mean_tokens"`
	Last     bool  `json:"pooling_mode_lasttoken"`
	Max      bool  `json:"pooling_mode_max_tokens"`
	Root     bool  `json:"pooling_mode_mean_sqrt_len_tokens"`
	Weighted bool  `json:"pooling_mode_weightedmean_tokens"`
	Mode     any   `json:"pooling_mode"`
	Prompt   *bool `json:"include_prompt"`
}

// modes are the names of the ways in the new spelling.
var modes = map[string]Pooling{"cls": CLS, "mean": Mean, "lasttoken": Last}

func (f *folder) readPooling() error {
	var form poolingForm
	there, err := f.read(filepath.Join("1_Pooling", "config.json"), &form)
	if err != nil || !there {
		return err
	}
	refuse := func(reason string) error {
		return match.About(filepath.Join(f.dir, "1_Pooling", "config.json"), match.Invalidf("pooling_mode", reason))
	}
	if form.Prompt != nil && !*form.Prompt {
		return refuse("include_prompt false is not implemented")
	}
	var on []Pooling
	for _, way := range []struct {
		on bool
		is Pooling
	}{{form.CLS, CLS}, {form.Mean, Mean}, {form.Last, Last}, {form.Max, "max"}, {form.Root, "mean_sqrt_len"}, {form.Weighted, "weightedmean"}} {
		if way.on {
			on = append(on, way.is)
		}
	}
	if form.Mode != nil {
		on = []Pooling{modes[fmt.Sprint(form.Mode)]}
	}
	if len(on) != 1 || on[0] != CLS && on[0] != Mean && on[0] != Last {
		return refuse(fmt.Sprintf("%v %v is not implemented; there are cls, mean and lasttoken", on, form.Mode))
	}
	f.pooling = on[0]
	return nil
}
