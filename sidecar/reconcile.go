// Package sidecar keeps the files that stand beside papers and question-answer
// files in step with them.
//
// # Design notes
//
// [Reconciler.Reconcile] looks at one source path, whatever the reason: it
// observes what is on the disk, decides from that alone, and applies the
// decision with one atomic step for each file. Asking twice, or once too often,
// changes nothing, so events may be lost, merged or repeated, and the program's
// own writes need no suppression: the second look finds nothing to do.
//
// The disk is the only truth. The cache saves reading what has not changed and
// finds copies of a paper; without it every decision is the same.
//
// Nothing of a person's is written over: a preview that somebody edited or that
// another program wrote is left, and said so.
package sidecar

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/safefile"
)

// Extractor reads a PDF. The file stays open until it returns. It fills all of
// a preview but its Source and SHA256; an error means that the program could not
// do its work, not that the PDF is bad.
type Extractor interface {
	Extract(ctx context.Context, f *os.File, pages int, passwords []string) (preview.Preview, error)
}

// Settings are what holds for one path.
type Settings struct {
	Pages     int      // how many pages a preview shows; 0 is all
	Expand    bool     // whether ligatures become letters
	Passwords []string // tried on encrypted PDFs
	MaxSize   int64    // bytes; a larger PDF is not read
	Fetch     bool     // whether files that are kept online only are pulled down
	Reader    string   // further options of the extractor that change what it finds
	QA        QA
}

// Reconciler brings sidecars in step with their sources. Its fields are set
// before the first use; Reconcile may be called for different paths at a time.
type Reconciler struct {
	Extractor Extractor
	Sidecars  *safefile.Writer               // for what qacorpus itself wrote; must be Always
	Files     *safefile.Writer               // for people's files; leaves them alone where there is no safe way
	Always    *safefile.Writer               // does what it can there, for qa.normalise = "always"
	History   *history.Store                 // of the QA files; without one none is normalised
	Cache     func(path string) *cache.Cache // of the folder that path lies in; nil for none
	Settings  func(path string) Settings
	DryRun    bool // decide and tell, change nothing
	// Grace is how long a sidecar that vanished is waited for, or for its source to
	// follow, before it is written again: whoever deletes a folder deletes the
	// sidecar first as often as not. 0 is at once, for a single pass.
	Grace time.Duration

	// Met is told of each QA file as it is checked. Review adds to one that gets a
	// report what only its paper and other files can tell. Both may be nil.
	Met    func(ctx context.Context, path string, r *qa.Result)
	Review func(ctx context.Context, path string, r *qa.Result)
	// NamedAfterPDF reports whether a PDF gives the QA file at path its name; nil
	// for never.
	NamedAfterPDF func(path string) bool
	// Conflicts returns the conflict copies that there are, made by a sync client of the preview of the PDF at path; nil for none.
	Conflicts func(path string) []string

	flight  singleflight.Group // one extraction at a time for PDFs of the same bytes
	waiting sync.Map           // by path of a QA file: since when it waits for an editor
	met     sync.Map           // paths of the QA files that Met was told of
	renamed sync.Map           // by path of a PDF that is gone: the path of its new name
	moving  sync.Map           // by path: how often in a row it changed while it was looked at
	lost    sync.Map           // by path of a sidecar that vanished: when that was noticed

	departed departed
}

// Outcome says what a look led to.
type Outcome struct {
	Changes []Change
	Note    string         // what a person should know although nothing changed; "" for nothing
	Status  preview.Status // of a PDF that exists
	SHA256  [32]byte       // of a source that exists and was read
	SameAs  []string       // other PDFs of the same bytes, a few at most, found when this one was read
	Again   time.Duration  // after which the path should be looked at again, because it is not done with; 0 for not
	Later   time.Duration  // the same although it is, to clear up; 0 for not

	// Of a QA file:
	Shape                   string // what it was, in a word or two
	Pairs, Errors, Warnings int
}

// Change is something that was changed on the disk, or would be in a dry run.
type Change struct {
	Verb    string // wrote, replaced, removed, moved, normalised
	Path    string
	From    string // what was moved
	Old     []byte // the bytes before and after, nil where there is none
	New     []byte
	Details []string // what normalising did, in plain words
}

// A file that changed while it was looked at is looked at again soon, and then
// after pauses that double up to calm, unless an event tells more: on the mounts of
// some sync clients each reading puts off the upload, and the file seems to change
// until that is done. rclone uploads 5 s after the last close. A single pass, which
// hears of no events and is to end, pauses for hasty at most.
const (
	soon  = 300 * time.Millisecond
	hasty = time.Second
	calm  = 30 * time.Second
)

// errMoving says that a source changed under the reader.
var errMoving = errors.New("file changed while it was read")

// Reconcile looks at the source path and brings its sidecar in step. The error,
// if any, is one that time may heal (a full disk, a missing permission): the
// caller tries again.
func (r *Reconciler) Reconcile(ctx context.Context, path string) (Outcome, error) {
	var out Outcome
	var err error
	switch name.Of(filepath.Base(path)) {
	case name.PDF:
		out, err = r.paper(ctx, path)
	case name.QA:
		out, err = r.qaFile(ctx, path)
	}
	if errors.Is(err, errMoving) || errors.Is(err, safefile.ErrChanged) || errors.Is(err, safefile.ErrBusy) {
		return Outcome{Again: r.pause(path)}, nil
	}
	r.moving.Delete(path)
	return out, err
}

// pause says when to look again at the source path, which changed once more while it was looked at.
func (r *Reconciler) pause(path string) time.Duration {
	before, _ := r.moving.Load(path)
	n, _ := before.(int)
	r.moving.Store(path, n+1)
	most := calm
	if r.Grace == 0 {
		most = hasty
	}
	return min(soon<<min(n, 10), most)
}

// paper brings the preview of one PDF in step.
func (r *Reconciler) paper(ctx context.Context, path string) (Outcome, error) {
	p := &look{r: r, path: path, side: filepath.Join(filepath.Dir(path), name.Sidecar(filepath.Base(path))), cache: r.Cache(path), settings: r.Settings(path)}
	p.options = p.settings.hash()
	if r.Conflicts != nil {
		p.copies = r.Conflicts(path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return Outcome{Note: "it is a link to a file that is not there"}, nil
		}
		return p.gone()
	case errors.Is(err, errLoop):
		return Outcome{Note: "it is a link that leads to itself"}, nil
	case err != nil && !errors.Is(err, fs.ErrPermission):
		return Outcome{}, err
	case err == nil && !info.Mode().IsRegular():
		out, err := p.gone()
		if !info.IsDir() {
			out.Note = "it is no regular file and is not read"
		}
		return out, err
	}
	p.info = info
	return p.present(ctx)
}

// look is one look at one PDF.
type look struct {
	r          *Reconciler
	path, side string
	info       fs.FileInfo // of the PDF, or of what its link leads to; nil where that is not to be had
	settings   Settings
	options    uint64 // hash of the settings
	cache      *cache.Cache
	sha        [32]byte // of the PDF's bytes, once read
	sameAs     []string // other PDFs with these bytes
	renamed    []string // former names of this one
	copies     []string // conflict copies of the preview
}

// present handles a PDF that is there.
func (p *look) present(ctx context.Context) (Outcome, error) {
	sideInfo, err := os.Lstat(p.side)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Outcome{}, err
	}
	source, side := cache.StatOf(p.info), cache.StatOf(sideInfo)
	e, ok := p.remembered()
	if out, same := Unchanged(e, p.options, source, side); ok && same && len(p.copies) == 0 {
		return out, nil
	}
	if again := p.r.awaits(p.side, ok && e.Source != (cache.Stat{}) && e.Sidecar != (cache.Stat{}) && sideInfo == nil); again > 0 {
		return Outcome{Again: again}, nil
	}
	old, err := readExisting(p.side)
	if err != nil {
		return Outcome{}, err
	}
	started := time.Now()
	want, readErr := p.render(ctx, old)
	if want == nil {
		return Outcome{}, readErr
	}
	if want, err = p.best(want); err != nil {
		return Outcome{}, err
	}
	out, err := p.apply(ctx, old, want)
	if err != nil {
		return out, err
	}
	out.SameAs = p.sameAs
	if readErr == nil && !p.r.DryRun {
		p.remember(source, started, old, want, out)
	}
	if readErr != nil {
		return out, readErr
	}
	return p.clearUp(out)
}

// awaits says how long to wait for the sidecar at path, which vanished, or for
// its source to go as well; 0 for no longer.
func (r *Reconciler) awaits(path string, vanished bool) time.Duration {
	if !vanished || r.Grace == 0 {
		r.lost.Delete(path)
		return 0
	}
	since, _ := r.lost.LoadOrStore(path, time.Now())
	if left := r.Grace - time.Since(since.(time.Time)); left > 0 {
		return left
	}
	r.lost.Delete(path)
	return 0
}

// apply carries out what decide says about the wanted preview.
func (p *look) apply(ctx context.Context, old existing, want []byte) (Outcome, error) {
	header, err := preview.Parse(want)
	if err != nil {
		return Outcome{}, fmt.Errorf("read back preview of %q: %w", p.path, err)
	}
	out := Outcome{Status: header.Status, SHA256: p.sha}
	step, note := decide(old, header, want)
	out.Note = note
	switch step {
	case keep:
		return out, nil
	case create:
		out.Changes = []Change{{Verb: "wrote", Path: p.side, New: want}}
	case replace:
		out.Changes = []Change{{Verb: "replaced", Path: p.side, Old: old.data, New: want}}
	}
	if p.r.DryRun {
		return out, nil
	}
	if step == create {
		err = p.r.Sidecars.Create(p.side, want, p.mode(header.Status))
	} else {
		err = p.r.Sidecars.Replace(ctx, p.side, old.version, want)
	}
	var unsafe *safefile.UnsafeError
	switch {
	case errors.Is(err, fs.ErrExist):
		err = errMoving
	case errors.As(err, &unsafe):
		out.Note, out.Changes, err = "the preview cannot be replaced: "+unsafe.Reason, nil, nil
	}
	if err != nil {
		out.Changes = nil
	}
	return out, err
}

// mode returns the permissions of a new preview: whoever may read or write the
// paper may do so with its preview.
func (p *look) mode(s preview.Status) fs.FileMode {
	if p.info == nil || s == preview.Unreadable {
		return 0o644
	}
	return p.info.Mode().Perm()&0o666 | 0o600
}

func (p *look) remembered() (cache.Entry, bool) {
	if p.cache == nil {
		return cache.Entry{}, false
	}
	return p.cache.Get(p.path)
}

// remember notes what was seen and left behind, for the next look.
func (p *look) remember(source cache.Stat, started time.Time, old existing, want []byte, out Outcome) {
	if p.cache == nil || p.info == nil {
		return
	}
	e := cache.Entry{Source: source, Read: started.UnixNano(), SHA: p.sha, Options: p.options, Status: string(out.Status)}
	if info, err := os.Lstat(p.side); err == nil {
		e.Sidecar = cache.StatOf(info)
	}
	if len(out.Changes) > 0 || string(old.data) == string(want) {
		e.Written = sum(want)
	}
	p.cache.Put(p.path, e)
}
