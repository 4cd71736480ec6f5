package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asked posts JSON, and gives what came back.
func asked(t *testing.T, url, body string) map[string]any {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	var got map[string]any
	if err == nil {
		err = json.Unmarshal(raw, &got)
	}
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%s: %d %v\n%s", url, resp.StatusCode, err, raw)
	}
	return got
}

func TestPilotsRunAndReportFromTheCommandLine(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	said := func(code int, want []string, args ...string) string {
		t.Helper()
		got, out, errs := outputs(t, bin, append(args, "--lang", "en")...)
		if got != code {
			t.Fatalf("%v ended with %d, want %d\n%s%s", args, got, code, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%v does not say %q:\n%s%s", args, w, out, errs)
			}
		}
		return out
	}
	said(0, []string{"Trained and added tuned/first/"}, "model", "tune", "--name", "first", "--sectors", "battery", "--by", "李四", "--data", data)
	server := serving(t, bin, data)
	at := []string{"--server", server}
	who := append([]string{"--by", "李四", "--reason", "a test"}, at...)
	start := func(name, mode, share string) []string {
		return append([]string{"pilot", "start", name, "--model", "tuned/first", "--mode", mode, "--share", share}, who...)
	}
	said(exitUsage, []string{"--mode"}, start("x", "coin", "0.5")...)
	said(exitUsage, []string{"--model"}, append([]string{"pilot", "start", "x"}, who...)...)
	said(exitFailed, []string{"share"}, start("x", "ab", "1")...)
	said(exitFailed, []string{"no such pilot"}, append([]string{"pilot", "report", "x"}, at...)...)
	said(exitFailed, []string{"no such pilot"}, append([]string{"pilot", "end", "x"}, who...)...)
	said(0, []string{"Pilot mix has begun with the challenger tuned/first/"}, start("mix", "interleave", "1")...)
	said(exitFailed, []string{"is running"}, start("mix", "ab", "0.5")...)
	won := 0
	for i := range 12 {
		got := asked(t, server+"/v1/match", fmt.Sprintf(`{"demand_id": "D-BAT%d", "party": "厂%d", "page_size": 4}`, 1+i%4, i))
		if v := got["versions"].(map[string]any); v["pilot"] != "mix" || v["pilot_arm"] != "interleaved" {
			t.Fatalf("%v", v)
		}
		for _, h := range got["hits"].([]any) {
			hit := h.(map[string]any)
			if strings.HasPrefix(hit["model"].(string), "tuned/") {
				won++
				asked(t, server+"/v1/events:record", fmt.Sprintf(`{"events": [{"request_id": %q, "demand_id": "D-BAT%d", "patent_number": %q, "side": "RECORD_KIND_DEMAND", "type": "EVENT_TYPE_CONTACT"}]}`,
					got["request_id"], 1+i%4, hit["patent"].(map[string]any)["number"]))
				break
			}
		}
	}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) { // answers are kept beside
		out := said(0, nil, append([]string{"pilot", "report", "mix", "--json"}, at...)...)
		var report struct{ Wins, Losses, Verdict string }
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if report.Wins == fmt.Sprint(won) && won == 12 && report.Losses == "0" && report.Verdict == "ship" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%+v after %d wins", report, won)
		}
	}
	said(0, []string{"mix (interleave, national, 1)", "the challenger won 12, lost 0", "valid any day", "verdict: ship (the challenger is better"}, append([]string{"pilot", "report", "mix"}, at...)...)
	if out := said(0, nil, append([]string{"pilot", "report", "mix"}, at...)...); strings.Contains(out, "succeeded") {
		t.Errorf("parties of an interleaved pilot are on no side: %s", out)
	}
	said(0, []string{"mix", "interleave", "national", "李四", "a test"}, append([]string{"pilot", "list"}, at...)...)
	if out := said(0, nil, append([]string{"pilot", "list", "--json"}, at...)...); !strings.Contains(out, `"PILOT_MODE_INTERLEAVE"`) {
		t.Errorf("%s", out)
	}
	said(0, []string{"Pilot mix has ended"}, append([]string{"pilot", "end", "mix"}, who...)...)
	said(0, []string{"verdict: ship"}, append([]string{"pilot", "report", "mix"}, at...)...) // what was seen is kept
	said(0, []string{"Pilot halves has begun"}, start("halves", "ab", "0.5")...)
	asked(t, server+"/v1/match", `{"demand_id": "D-BAT1", "party": "厂"}`)
	said(0, []string{"halves (ab, national, 0.5)", "verdict: go on (not known yet"}, append([]string{"pilot", "report", "halves"}, at...)...)
	if code, out, _ := outputs(t, bin, append([]string{"pilot", "report", "halves", "--lang", "zh"}, at...)...); code != 0 || !strings.Contains(out, "结论：继续") {
		t.Errorf("%d: %s", code, out)
	}
}

func TestATrainingThatAKillHasEndedIsFailedAfterTheRestart(t *testing.T) {
	bin, data := built(t), sampleFolder(t)
	address := freeAddress(t)
	run := func() *exec.Cmd {
		cmd := exec.Command(bin, "serve", "--data", data, "--grpc", "127.0.0.1:0", "--listen", address, "--metrics", "127.0.0.1:0")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
		for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if resp, err := http.Get("http://" + address + "/v1/models"); err == nil {
				resp.Body.Close()
				return cmd
			}
		}
		t.Fatalf("the server does not answer:\n%s", said.String())
		return nil
	}
	first := run()
	op := asked(t, "http://"+address+"/v1/models:tune", `{"name": "killed", "by": "李四"}`)["operation"].(map[string]any)
	id, begun := op["id"].(string), time.Now()
	get := func() map[string]any {
		resp, err := http.Get("http://" + address + "/v1/operations/" + id)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got struct{ Operation map[string]any }
		if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		return got.Operation
	}
	for progress := "0"; progress == "0"; time.Sleep(5 * time.Millisecond) { // it is at work
		o := get()
		if o["done"] == true || time.Since(begun) > time.Minute {
			t.Fatalf("%v", o)
		}
		progress = fmt.Sprint(o["progress"])
	}
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	run()
	o := get()
	if e, _ := o["error"].(map[string]any); o["done"] != true || e == nil || !strings.Contains(fmt.Sprint(e["message"]), "its process ended before it did") {
		t.Fatalf("after the kill: %v", o)
	}
	// And another training may begin.
	next := asked(t, "http://"+address+"/v1/models:tune", `{"name": "next", "sectors": ["battery"], "by": "李四"}`)["operation"].(map[string]any)
	if next["id"] == id {
		t.Errorf("the training that was killed goes on: %v", next)
	}
	if code, out := command(t, bin, "model", "list", "--server", "http://"+address); code != 0 || strings.Contains(out, "tuned/killed") {
		t.Errorf("%d: a killed training has left a model:\n%s", code, out)
	}
}
