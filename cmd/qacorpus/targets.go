package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/install/config"
	"qacorpus/sidecar/name"
)

// targets are the files that a command line names, and where to look for what
// belongs to them.
type targets struct {
	config *config.Config // the person's or the system's own
	args   []target
	roots  []string // folders with the PDFs and other files that matter, absolute
	stdin  bool

	narrow  bool // whether the roots are only the folders of named files
	entered int  // sub-folders seen, where narrow
}

// target is one argument.
type target struct {
	given  string // as typed
	path   string // absolute
	folder bool
	stream bool // a pipe or a device: read once, by itself
}

// targetsOf looks at the arguments.
func (a *app) targetsOf(args []string) (*targets, error) {
	if err := a.chooseFor(args); err != nil {
		return nil, err
	}
	c, err := a.load(nil)
	if err != nil {
		return nil, err
	}
	t := &targets{config: c, narrow: true}
	for _, arg := range args {
		if arg == "-" {
			t.stdin = true
			continue
		}
		info, err := os.Stat(arg)
		if err != nil {
			return nil, openError(arg, err)
		}
		path, err := filepath.Abs(arg)
		if err != nil {
			return nil, fmt.Errorf("resolve %q: %w", arg, err)
		}
		if isPDF(arg, info) {
			return nil, pdfError("check", arg)
		}
		x := target{given: arg, path: path, folder: info.IsDir(), stream: !info.IsDir() && !info.Mode().IsRegular()}
		t.args = append(t.args, x)
		if !x.stream {
			t.around(x)
		}
	}
	return t, nil
}

// pdfError is the answer to a PDF that a command for QA files is given.
func pdfError(command, arg string) error {
	return withHint(usagef("%s is a PDF; %s looks at question-answer JSON", show(arg), command), "qacorpus show %s prints its text", shellQuote(arg))
}

// isPDF tells whether the file at path holds a PDF under a PDF's name.
func isPDF(path string, info os.FileInfo) bool {
	if name.Of(filepath.Base(path)) != name.PDF || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 5)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == "%PDF-"
}

// around adds where the target's PDF may lie: the watched folders, if it lies in
// one, else its own folder.
func (t *targets) around(x target) {
	_, watched := t.config.FolderOf(x.path)
	switch {
	case watched:
		t.narrow = false
		for _, f := range t.config.Folders {
			t.addRoot(f.Path)
		}
	case x.folder:
		t.narrow = false
		t.addRoot(x.path)
	default:
		t.addRoot(filepath.Dir(x.path))
	}
}

func (t *targets) addRoot(path string) {
	if !slices.Contains(t.roots, path) {
		t.roots = append(t.roots, path)
	}
}

// maxEntered bounds how many sub-folders of a named file's folder are searched
// for its PDF: that folder may be a home with everything in it.
const maxEntered = 1000

// skip tells that a sub-folder need not be searched.
func (t *targets) skip(string) bool {
	t.entered++
	return t.narrow && t.entered > maxEntered
}

// maxOthers bounds, in bytes, the files that are read only to find their pairs
// in those that are checked.
const maxOthers = 32 << 20

// among splits the QA files that were found around into those that were meant,
// in the order of the arguments, and the others.
func (t *targets) among(qas []string) (meant, others []string) {
	known := map[string]bool{}
	add := func(path string) {
		if !known[path] {
			known[path] = true
			meant = append(meant, path)
		}
	}
	for _, x := range t.args {
		switch {
		case x.stream:
		case !x.folder:
			add(x.path)
		default:
			for _, path := range qas {
				if inside(x.path, path) {
					add(path)
				}
			}
		}
	}
	size := int64(0)
	for _, path := range qas {
		info, err := os.Stat(path)
		if known[path] || err != nil || size+info.Size() > maxOthers {
			continue
		}
		size += info.Size()
		others = append(others, path)
	}
	return meant, others
}

// asked tells that a person named the file itself.
func (t *targets) asked(path string) bool {
	return slices.ContainsFunc(t.args, func(x target) bool { return !x.folder && x.path == path })
}

// shown is the name of a file as the person would write it.
func (t *targets) shown(path string) string {
	for _, x := range t.args {
		if x.path == path {
			return x.given
		}
		if x.folder && inside(x.path, path) {
			rel, _ := filepath.Rel(x.path, path)
			return filepath.Join(x.given, rel)
		}
	}
	return path
}

// inside tells whether path lies in folder; both absolute and clean.
func inside(folder, path string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (strings.HasPrefix(rest, string(filepath.Separator)) || strings.HasSuffix(folder, string(filepath.Separator)))
}
