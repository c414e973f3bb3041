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

// reader reads JSON Lines as a loader of data sets does: each line an object of the
// same columns with the same types. It writes what each line says of question,
// answer and context.
const reader = `
import json, sys
name = sys.argv[1]
first = None
for line in sys.stdin.buffer.read().decode("utf-8").split("\n")[:-1]:
    row = json.loads(line)
    shape = {k: type(v).__name__ for k, v in row.items()}
    first = first or shape
    assert shape == first, (shape, first)
    if name == "jsonl":
        assert list(row) == ["question", "answer"], row
        q, a = row["question"], row["answer"]
    elif name == "alpaca":
        assert list(row) == ["instruction", "input", "output"] and row["input"] == "", row
        q, a = row["instruction"], row["output"]
    elif name == "messages":
        assert list(row) == ["messages"], row
        user, assistant = row["messages"]
        assert (user["role"], assistant["role"]) == ("user", "assistant") and len(user) == len(assistant) == 2, row
        q, a = user["content"], assistant["content"]
    else:
        assert list(row) == ["conversations"], row
        human, gpt = row["conversations"]
        assert (human["from"], gpt["from"]) == ("human", "gpt") and len(human) == len(gpt) == 2, row
        q, a = human["value"], gpt["value"]
    assert q and a and q == q.strip() and a == a.strip(), row
    json.dump([q, a], sys.stdout)
    sys.stdout.write("\n")
`

// TestPythonReadsEveryFormat reads each format back to the same pairs.
func TestPythonReadsEveryFormat(t *testing.T) {
	var read []string
	for _, format := range []string{"jsonl", "alpaca", "messages", "sharegpt"} {
		x := build(t, Options{Format: format}, Source{Path: "a", Pairs: everyCharacter()})
		cmd := exec.Command("python3", "-c", reader, format)
		cmd.Stdin = strings.NewReader(text(t, x, train))
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", format, err, &said)
		}
		read = append(read, string(out))
	}
	for i, r := range read[1:] {
		if r != read[0] || len(r) == 0 {
			t.Errorf("format %d says something else than jsonl", i+1)
		}
	}
}
