package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
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
