package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qacorpus/install/config"
	"qacorpus/sidecar/qa/problem"
)

// goPackage is what `go list -json` tells of a package.
type goPackage struct {
	ImportPath   string
	Doc          string
	Imports      []string
	Deps         []string
	TestGoFiles  []string
	XTestGoFiles []string
}

func goList(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Doc,Imports,Deps,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestEveryPackageSaysWhatItPromises(t *testing.T) {
	for _, p := range goList(t) {
		if len(p.Doc) < 40 {
			t.Errorf("%s: package comment %q", p.ImportPath, p.Doc)
		}
	}
}

// rooms are the top folders; only cmd may bring them together.
var rooms = []string{"watcher", "extract", "sidecar", "install"}

func roomOf(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, "qacorpus/")
	if !ok {
		return ""
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}

func TestNoRoomImportsAnother(t *testing.T) {
	for _, p := range goList(t) {
		room := roomOf(p.ImportPath)
		if !slices.Contains(rooms, room) {
			continue
		}
		for _, imp := range p.Imports {
			if other := roomOf(imp); other != "" && other != room {
				t.Errorf("%s imports %s", p.ImportPath, imp)
			}
		}
	}
}

// The process that people start must not be able to load a document: MuPDF may
// end the process that it runs in. Only the worker reaches it.
func TestOnlyTheWorkerReachesMuPDF(t *testing.T) {
	for _, p := range goList(t) {
		worker := strings.HasPrefix(p.ImportPath, "qacorpus/extract/mupdf") || strings.HasPrefix(p.ImportPath, "qacorpus/extract/worker") ||
			strings.HasPrefix(p.ImportPath, "qacorpus/cmd/")
		if !worker && slices.Contains(p.Deps, "github.com/gen2brain/go-fitz") {
			t.Errorf("%s depends on go-fitz", p.ImportPath)
		}
		if p.ImportPath != "qacorpus/extract/mupdf" && slices.Contains(p.Imports, "github.com/gen2brain/go-fitz") {
			t.Errorf("%s imports go-fitz", p.ImportPath)
		}
	}
}

// The README's table of settings is the code's own.
func TestReadmeReference(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "-run Readme -update -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(string(data), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the table of settings")
	}
	want := string(config.Reference())
	if *update {
		if err := os.WriteFile("../../README.md", []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if table != want {
		t.Errorf("the table of settings in the README is out of date; refresh it with -update")
	}
}

// The README names every command and every code, and no others.
func TestReadmeIsComplete(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	real := map[string]bool{}
	for _, c := range newRoot(&app{}).Commands() {
		real[c.Name()] = true
		if !c.Hidden && !strings.Contains(readme, "qacorpus "+c.Name()) {
			t.Errorf("the README does not show the command %s", c.Name())
		}
	}
	for _, m := range regexp.MustCompile("(?m)^(?:sudo )?qacorpus ([a-z]+)").FindAllStringSubmatch(readme, -1) {
		if !real[m[1]] && m[1] != "is" { // what status prints: "qacorpus is running"
			t.Errorf("the README shows qacorpus %s, which is no command", m[1])
		}
	}
	codes := problem.Codes()
	for _, c := range codes {
		if !strings.Contains(readme, "| `"+string(c)+"` | "+c.Severity().String()+" | "+c.About()) {
			t.Errorf("the README does not explain %s", c)
		}
	}
	for _, m := range regexp.MustCompile(`\bQA_[A-Z_]{3,}`).FindAllString(readme, -1) {
		if !slices.Contains(codes, problem.Code(m)) {
			t.Errorf("the README names %s, which is no code", m)
		}
	}
}
