//go:build corpus || heavy

package qa_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"qacorpus/sidecar/qa"
)

// pythonJob is a file and what it was rewritten to.
type pythonJob struct{ in, out string }

// samePairs lets Python read every file and what became of it.
func samePairs(t *testing.T, jobs []pythonJob) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("python3 must be installed for this test: apt-get install -y python3")
	}
	if len(jobs) == 0 {
		t.Fatal("no file was rewritten: the test has lost its point")
	}
	var list strings.Builder
	for _, j := range jobs {
		list.WriteString(j.in + "\t" + j.out + "\n")
	}
	cmd := exec.Command(python, "testdata/pairs.py")
	cmd.Stdin = strings.NewReader(list.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run Python: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(jobs) {
		t.Fatalf("Python answered %d of %d", len(lines), len(jobs))
	}
	same := 0
	for i, line := range lines {
		if !strings.HasPrefix(line, "same\t") {
			t.Errorf("%s: %s", jobs[i].in, line)
			continue
		}
		same++
	}
	t.Logf("Python reads the same from %d of %d rewritten files", same, len(jobs))
}

// TestPython lets Python write files with json.dump, in each of its habits,
// which must keep every byte, and read what becomes of files in other forms.
func TestPython(t *testing.T) {
	dir := t.TempDir()
	var jobs []pythonJob
	for i, c := range rewrites() {
		switch c.title {
		case "byte order mark", "line ends", "comments and commas", "fence", "longer fence", "concatenated objects", "lines in a list", "lines of long form", "pubmedqa", "order of the top":
			continue // Python cannot read it, or has no rule for it
		}
		ext := ".json"
		if strings.HasSuffix(c.name, ".jsonl") {
			ext = ".jsonl"
		}
		in, out := filepath.Join(dir, fmt.Sprintf("in%d%s", i, ext)), filepath.Join(dir, fmt.Sprintf("out%d%s", i, ext))
		o := c.options
		o.Name = in
		write(t, in, []byte(c.in))
		r := qa.Normalise([]byte(c.in), o)
		write(t, out, r.Output)
		jobs = append(jobs, pythonJob{in, out})
	}
	samePairs(t, jobs)
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// dumps lets Python write many files of random content.
const dumps = `
import json, random, sys
random.seed(int(sys.argv[2]))
def text():
    parts = ["Why", "é", "\u2028", "\n", "\\", '"', "/", "\U0001F600", "\x7f", "\x01", "\t", "\b", "\f", "\r", "x", "ﬁ", "\u200d", "𝔘"]
    return "w" + "".join(random.choice(parts) for _ in range(random.randrange(8))) + "?"
def value(d):
    k = random.randrange(9 if d < 3 else 6)
    return [text, lambda: random.randrange(-9, 10**20), lambda: random.random() * 10 ** random.randrange(-30, 30), lambda: None, lambda: True, lambda: "",
            lambda: [value(d + 1) for _ in range(random.randrange(3))], lambda: {text(): value(d + 1) for _ in range(random.randrange(3))}, dict][k]()
def pair():
    p = [("question", text()), ("answer", text())]
    if random.random() < .3: p.append(("context", text() + " "))
    for i in range(random.randrange(3)): p.append(("x%d" % i, value(0)))
    random.shuffle(p)
    return dict(p)
for i in range(300):
    pairs = [pair() for _ in range(random.randrange(1, 4))]
    x = pairs if i % 3 else {"title": text(), "qa_pairs": pairs, "paper_id": "p", "more": value(0)}
    name = "%s/%d" % (sys.argv[1], i)
    with open(name + "a.json", "w") as f: json.dump(x, f, indent=2)
    with open(name + "u.json", "w", encoding="utf-8", newline="") as f:
        json.dump(x, f, indent=2, ensure_ascii=False)
        if i % 2: f.write("\n")
    with open(name + "4.json", "w") as f: json.dump(x, f, indent=4)
    with open(name + "l.jsonl", "w") as f:
        for p in pairs: f.write(json.dumps(p) + "\n")
`

func TestPythonKept(t *testing.T) {
	dir := t.TempDir()
	seed := rand.IntN(1 << 30)
	t.Logf("seed %d", seed)
	cmd := exec.Command("python3", "-c", dumps, dir, fmt.Sprint(seed))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("python3 must be installed for this test: %v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json*"))
	if err != nil || len(files) != 1200 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := qa.Normalise(data, qa.Options{Name: path})
		if !r.Counts || r.Failed() {
			t.Errorf("%s: %+v\n%s", path, r.Problems, data)
			continue
		}
		if four := strings.HasSuffix(path, "4.json"); four {
			// Four spaces become two: what json.dump would have written with them.
			if want := qa.Normalise(mustRead(t, strings.TrimSuffix(path, "4.json")+"a.json"), qa.Options{Name: path}); len(want.Pairs) != len(r.Pairs) {
				t.Errorf("%s: %d pairs, want %d", path, len(r.Pairs), len(want.Pairs))
			}
			continue
		}
		if r.Changed {
			t.Errorf("%s was changed: %q\n%s\n%s", path, r.Changes, data, r.Output)
		}
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
