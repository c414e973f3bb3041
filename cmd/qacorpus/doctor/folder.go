package doctor

// What concerns one watched folder.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qacorpus/install/config"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/safefile"
)

func (d *doctor) folder(ctx context.Context, f config.Folder) {
	d.at = f.Path
	defer func() { d.at = "" }()
	info, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.fix("folder", "mount what it lies on, make it, or take it out of the configuration; a running daemon waits for it", "it is not there")
		return
	case err != nil:
		d.fix("folder", "let the account that qacorpus runs as enter each folder above it", "it cannot be looked at: %v", bare(err))
		return
	case !info.IsDir():
		d.fix("folder", "name the folder itself", "it is a file")
		return
	}
	d.holder(f.Path)
	m := mountOf(f.Path)
	d.mount(m)
	d.space("space", f.Path)
	writable := !m.ReadOnly && d.permissions(ctx, f.Path, info)
	d.trying("going through %s", name.Show(f.Path))
	d.inside(ctx, f)
	if !writable {
		return // no probe can be dropped
	}
	d.trying("dropping a probe into %s", name.Show(f.Path))
	d.watching(ctx, f)
	d.replacing(ctx, f)
}

// holder tells which process has the folder.
func (d *doctor) holder(path string) {
	switch pid := d.o.Holder(path); {
	case pid == 0:
		d.note("daemon", "qacorpus watch, or for good: qacorpus install", "no process looks after it now")
	case pid == d.last.PID && d.last.Version != d.o.Version:
		d.note("daemon", "stop that process and start this program in its place; for the service: qacorpus install",
			"looked after by process %d, which is version %s; this program is %s", pid, d.last.Version, d.o.Version)
	case pid == d.daemon:
		d.ok("daemon", "looked after by the service, process %d", pid)
	case d.daemon != 0:
		d.note("daemon", "if that is not meant so, stop it; the service takes the folder once it is free", "looked after by process %d, which is not the service (%d)", pid, d.daemon)
	default:
		d.ok("daemon", "looked after by process %d", pid)
	}
}

// mount is the file system that a folder lies on.
type mount struct {
	Type     string // as the system calls it; "" where it does not tell
	Point    string
	ReadOnly bool
}

func (d *doctor) mount(m mount) {
	said := m.Type
	if said == "" {
		said = "of a kind that this system does not tell"
	}
	if m.Point != "" {
		said += fmt.Sprintf(", mounted on %q", m.Point)
	}
	if m.ReadOnly {
		d.fix("file system", "mount it for writing; until then nothing can be written beside the papers", "%s, read-only", said)
		return
	}
	d.ok("file system", "%s", said)
}

// permissions tells whether the folder can be read and written, by the service's
// account too.
func (d *doctor) permissions(ctx context.Context, path string, info fs.FileInfo) (writable bool) {
	const do = "change its owner (chown) or its mode (chmod), and see that each folder above it can be entered"
	who, err := d.o.Account, error(nil)
	if who == "" {
		who = "you"
		err = mayUse(path)
	} else {
		err = mayUseAs(ctx, who, path)
	}
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		d.note("permissions", fmt.Sprintf("to know: sudo -u %s qacorpus doctor %q", who, path), "whether the service's account, %s, can write here is not known to you", who)
	case err != nil:
		d.fix("permissions", do, "%s cannot read and write it", who)
	case info.Mode()&fs.ModeSticky != 0 && !owns(info):
		d.note("permissions", "chmod -t the folder, if that is not meant so", "only a file's owner may replace it here (sticky bit): QA files of others are checked and not tidied")
	default:
		d.ok("permissions", "%s can read and write it", who)
	}
	return mayUse(path) == nil
}

// found is what lies in a folder.
type found struct {
	folders, pdfs, qas    int
	closed, locked        []string // folders and files that cannot be read
	copies, linked, fixed []string // conflict copies; QA files that are links or have two names; that are read-only
	leftovers             []string // temporary files of ours that nobody uses any more
}

// inside goes through the folder.
func (d *doctor) inside(ctx context.Context, f config.Folder) {
	in := survey(ctx, f)
	d.folders += in.folders
	d.ok("content", "%s and %s in %s", plural(in.pdfs, "PDF"), plural(in.qas, "JSON file"), plural(in.folders, "folder"))
	several := func(list []string) string {
		s := name.Show(list[0])
		if len(list) > 1 {
			s += fmt.Sprintf(" and %d more", len(list)-1)
		}
		return s
	}
	if len(in.closed) > 0 {
		d.fix("permissions", "chmod u+rx that folder, or leave it out with ignore", "folders below it that cannot be read: %s", several(in.closed))
	}
	if len(in.locked) > 0 {
		d.fix("permissions", "chmod u+r that file", "files that cannot be read: %s", several(in.locked))
	}
	if len(in.copies) > 0 {
		d.note("conflict copies", "merge each with its original and delete it", "a sync client made two versions of one file: %s", several(in.copies))
	}
	if len(in.linked) > 0 {
		d.note("links", "replace each by a file of its own to have it tidied", "QA files that are links or have two names are checked and not tidied: %s", several(in.linked))
	}
	if len(in.fixed) > 0 {
		d.note("read-only files", "chmod u+w to have them tidied", "QA files that are read-only are checked and not tidied: %s", several(in.fixed))
	}
	if len(in.leftovers) > 0 {
		d.note("leftovers", "run: qacorpus sync, which puts back what is worth it and removes the rest", "temporary files of a process that was killed: %s", several(in.leftovers))
	}
}

// staleAfter is how old a temporary file is that nobody can still be writing.
const staleAfter = time.Hour

// survey looks at every name in the folder that matters.
func survey(ctx context.Context, f config.Folder) (in found) {
	_ = filepath.WalkDir(f.Path, func(path string, e fs.DirEntry, err error) error { // each error is noted where it belongs
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, _ := filepath.Rel(f.Path, path)
		base := filepath.Base(path)
		switch {
		case err != nil:
			in.closed = append(in.closed, rel)
			return fs.SkipDir
		case path == f.Path:
			in.folders++
			return nil
		case strings.HasPrefix(base, ".qacorpus-"):
			if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
				in.leftovers = append(in.leftovers, rel)
			}
			return nil
		case name.Ignored(base) || f.Ignores(rel):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			in.folders++
			return nil
		}
		in.file(path, rel, e)
		return nil
	})
	return in
}

// file looks at one file.
func (in *found) file(path, rel string, e fs.DirEntry) {
	kind := name.Of(filepath.Base(path))
	if kind != name.PDF && kind != name.QA {
		return
	}
	if !mayRead(path) {
		in.locked = append(in.locked, rel)
	}
	if kind == name.PDF {
		in.pdfs++
		return
	}
	in.qas++
	info, err := e.Info()
	switch {
	case err != nil:
	case name.ConflictCopy(filepath.Base(path)):
		in.copies = append(in.copies, rel)
	case info.Mode()&fs.ModeSymlink != 0 || names(info) > 1:
		in.linked = append(in.linked, rel)
	case info.Mode().IsRegular() && info.Mode()&0o222 == 0:
		in.fixed = append(in.fixed, rel)
	}
}

// replacing tries to replace a file as a person's would be.
func (d *doctor) replacing(ctx context.Context, f config.Folder) {
	if f.QA.Normalise == "never" {
		d.ok("tidying", "switched off here (qa.normalise)")
		return
	}
	err := new(safefile.Writer).TryReplace(ctx, f.Path)
	var unsafe *safefile.UnsafeError
	switch {
	case ctx.Err() != nil:
	case errors.As(err, &unsafe) && f.QA.Normalise == "always":
		d.note("tidying", "", "without a safe way to replace a file that may be open: %s; it is done all the same (qa.normalise = \"always\")", unsafe.Reason)
	case errors.As(err, &unsafe):
		d.note("tidying", "qacorpus fmt -w does it when you ask; qa.normalise = \"always\" lets the daemon do it, if nobody else writes there",
			"QA files are checked and not tidied: %s", unsafe.Reason)
	case err != nil:
		d.fix("tidying", "see permissions and space above", "a probe could not be replaced: %v", bare(err))
	default:
		d.ok("tidying", "a file can be replaced without losing what somebody saves at that moment")
	}
}
