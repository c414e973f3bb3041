//go:build heavy

package export

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// notebook is the loop of the notebook that writes train.jsonl.
const notebook = `
import json, sys
for pair in json.load(sys.stdin):
    out = {"question": pair["Question"].strip(), "answer": pair["Answer"].strip()}
    if len(sys.argv) > 1:
        out["context"] = pair["Context"].strip()
    json.dump(out, sys.stdout)
    sys.stdout.write("\n")
`

// everyCharacter makes pairs that have each character of Unicode at the ends
// and in the middle of their texts.
func everyCharacter() []Pair {
	var pairs []Pair
	var middle strings.Builder
	for r := rune(0); r <= 0x10ffff; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		middle.WriteRune(r)
		if r < 0x3100 || r >= 0xfe00 && r < 0x10000 {
			pairs = append(pairs, Pair{"", string(r) + "q" + string(r), string(r) + " a " + string(r), string(r) + "c"})
		}
		if middle.Len() > 4000 {
			pairs = append(pairs, Pair{"", "q", "a" + middle.String() + "a", middle.String()})
			middle.Reset()
		}
	}
	return pairs
}

// TestPythonWritesTheSame compares with Python's own json and str.strip.
func TestPythonWritesTheSame(t *testing.T) {
	pairs := everyCharacter()
	in, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	for _, context := range []bool{false, true} {
		args := []string{"-c", notebook}
		if context {
			args = append(args, "context")
		}
		cmd := exec.Command("python3", args...)
		cmd.Stdin = bytes.NewReader(in)
		want, err := cmd.Output()
		if err != nil {
			t.Fatalf("run python3: %v", err)
		}
		x := build(t, Options{Context: context}, Source{Path: "a", Pairs: pairs})
		if len(x.LeftOut) > 0 {
			t.Fatalf("left out %v", x.LeftOut)
		}
		got := strings.SplitAfter(text(t, x, train), "\n")
		for i, line := range strings.SplitAfter(string(want), "\n") {
			if i >= len(got) || got[i] != line {
				t.Fatalf("line %d: got %.200q\nwant %.200q", i+1, got[i], line)
			}
		}
	}
}
