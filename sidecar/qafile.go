package sidecar

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/safefile"
)

// QA is how the question-answer files of one folder are treated.
type QA struct {
	Options   qa.Options // but for what depends on the file
	Normalise string     // when-safe, always, never
	Report    string     // error, warning: what makes a report
}

// qaLook is one look at one file that may hold question-answer pairs.
type qaLook struct {
	r          *Reconciler
	path, side string
	settings   QA
	options    qa.Options
	cache      *cache.Cache
	data       []byte
	version    safefile.Version
	unfinished bool // another look may do more, though nothing changed
}

// qaFile checks one QA file, tidies it where that is safe, and keeps the report
// beside it in step.
func (r *Reconciler) qaFile(ctx context.Context, path string) (Outcome, error) {
	l := &qaLook{r: r, path: path, side: sidecarPath(path), settings: r.Settings(path).QA, cache: r.Cache(path)}
	base := filepath.Base(path)
	l.options = l.settings.Options
	l.options.Name = base
	l.options.ConflictCopy = name.ConflictCopy(base)
	l.options.NamedAfterPDF = r.NamedAfterPDF != nil && r.NamedAfterPDF(path)

	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return l.gone()
	}
	if err != nil {
		return Outcome{}, err
	}
	sideInfo, err := os.Lstat(l.side)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Outcome{}, err
	}
	e, ok := l.fresh(info, sideInfo)
	if ok {
		return Outcome{Shape: e.Status, Pairs: e.Pairs, Warnings: e.Warnings, SHA256: e.SHA}, nil
	}
	if again := r.awaits(l.side, e.Sidecar != (cache.Stat{}) && sideInfo == nil); again > 0 {
		return Outcome{Again: again}, nil
	}
	started := time.Now()
	res, err := l.check(ctx)
	if err != nil || res == nil {
		return l.unreadable(err)
	}
	out := Outcome{SHA256: l.version.SHA256}
	if res.Counts {
		out.Shape, out.Pairs = res.Shape, len(res.Pairs)
		out.Errors, out.Warnings = count(res.Problems)
	}
	if res.Counts && res.Changed {
		if err := l.normalise(ctx, res, &out); err != nil {
			return out, err
		}
	}
	if len(out.Changes) > 0 && !r.DryRun {
		// The report, if there is one, is about what the file holds now; the next
		// look, which the replacing itself brings about, writes it.
		out.Again = soon
		return out, nil
	}
	if err := l.report(ctx, res, &out); err != nil {
		return out, err
	}
	l.remember(started, out)
	return out, nil
}

// fresh returns what is remembered of the file if it still holds. A file with a
// report is always checked again, because what its warnings rest on may have
// changed elsewhere, and a file of pairs is read once by each process, because
// its pairs are compared with those of other files.
func (l *qaLook) fresh(info, sideInfo fs.FileInfo) (cache.Entry, bool) {
	if l.cache == nil || info.Mode()&fs.ModeSymlink != 0 || sideInfo != nil || l.settings.Report == "warning" {
		return cache.Entry{}, false
	}
	e, ok := l.cache.Get(l.path)
	if _, met := l.r.met.Load(l.path); e.Status != "" && !met {
		return e, false
	}
	return e, ok && e.Options == l.hash() && e.Errors == 0 && e.Fresh(cache.StatOf(info), cache.StatOf(sideInfo))
}

// hash tells options apart that could lead to another outcome.
func (l *qaLook) hash() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "qa %d %s %s %+v", qaVersion, l.settings.Normalise, l.settings.Report, l.options)
	return h.Sum64()
}

// qaVersion grows whenever the same file would be judged or laid out otherwise.
const qaVersion = 1

// check reads the file and judges it. A nil result means that it is none of
// ours to read.
func (l *qaLook) check(ctx context.Context) (*qa.Result, error) {
	limit := l.options.MaxSize
	if limit <= 0 {
		limit = defaultQASize
	}
	var err error
	l.data, l.version, err = safefile.Read(l.path, limit)
	var unsafe *safefile.UnsafeError
	if errors.As(err, &unsafe) && unsafe.Kind == "too-large" {
		return JudgeTooLarge(l.path, l.options, l.version.Size, limit)
	}
	if err != nil {
		return nil, err
	}
	res := qa.Normalise(l.data, l.options)
	if l.r.Met != nil && (res.Counts || l.known()) {
		l.r.Met(ctx, l.path, &res)
		l.r.met.Store(l.path, true)
	}
	if l.r.Review != nil && res.Counts && (res.Failed() || l.settings.Report == "warning") {
		l.r.Review(ctx, l.path, &res)
	}
	return &res, nil
}

// known reports whether Met was told of the file when it held something else.
func (l *qaLook) known() bool {
	_, ok := l.r.met.Load(l.path)
	return ok
}

// defaultQASize is the largest QA file that is read where nothing is set, in bytes.
const defaultQASize = 64 << 20

// unreadable says what hinders reading the file. What is no regular file is no QA
// file any more; a folder needs no telling.
func (l *qaLook) unreadable(err error) (Outcome, error) {
	var unsafe *safefile.UnsafeError
	switch {
	case err == nil:
		return Outcome{}, nil
	case errors.As(err, &unsafe):
		out, err := l.gone()
		if unsafe.Kind != "folder" {
			out.Note = unsafe.Reason + " and is not read"
		}
		return out, err
	case errors.Is(err, errLoop):
		return Outcome{Note: "it is a link that leads to itself"}, nil
	case errors.Is(err, fs.ErrNotExist):
		if info, lerr := os.Lstat(l.path); lerr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return Outcome{Note: "it is a link to a file that is not there"}, nil
		}
		return Outcome{}, errMoving
	}
	return Outcome{}, err
}

// gone handles a QA file that is not there any more: its report goes too.
func (l *qaLook) gone() (Outcome, error) {
	l.r.lost.Delete(l.side)
	l.r.waiting.Delete(l.path)
	out, err := l.dropReport()
	if err == nil && l.cache != nil && !l.r.DryRun {
		l.cache.Delete(l.path)
	}
	return out, err
}

// normalise puts the tidied bytes in the file's place, if nobody is at work on
// it and somebody could have the old ones back.
func (l *qaLook) normalise(ctx context.Context, res *qa.Result, out *Outcome) error {
	if l.settings.Normalise == "never" {
		return nil
	}
	if l.r.History == nil && !l.r.DryRun {
		out.Note, l.unfinished = "it could be tidied, but is left as it is: what it holds cannot be kept in the history", true
		return nil
	}
	key := HistoryPath(l.path)
	if l.r.History != nil {
		if restored, err := l.r.History.IsRestored(key, l.version.SHA256); err != nil || restored {
			return err
		}
	}
	if sign := safefile.Edited(l.path); sign != "" {
		out.Again, out.Note = l.r.wait(l.path, sign)
		return nil
	}
	l.r.waiting.Delete(l.path)
	change := Change{Verb: "normalised", Path: l.path, Old: l.data, New: res.Output, Details: res.Changes}
	files := l.r.Files
	if l.settings.Normalise == "always" {
		files = l.r.Always
	}
	var err error
	if l.r.DryRun {
		err = files.Refusal(l.path, l.version)
	} else {
		if _, err := l.r.History.Put(key, l.data, "before normalising"); err != nil {
			return err
		}
		err = files.Replace(ctx, l.path, l.version, res.Output)
	}
	var unsafe *safefile.UnsafeError
	switch {
	case errors.As(err, &unsafe):
		// Not remembered, or the next look, which finds nothing new, would take the
		// trouble for gone.
		out.Note, l.unfinished = "it could be tidied, but is left as it is: "+unsafe.Reason, true
		return nil
	case err != nil:
		return err
	}
	out.Changes = append(out.Changes, change)
	return nil
}

const (
	// editorPoll is the pause between two looks at a file that an editor has open.
	editorPoll = 2 * time.Second
	// editorPatience is how long that may go on before it is told of.
	editorPatience = 10 * time.Minute
)

// wait says when to look again at a file that an editor has open, as sign says.
func (r *Reconciler) wait(path, sign string) (again time.Duration, note string) {
	since, _ := r.waiting.LoadOrStore(path, time.Now())
	if time.Since(since.(time.Time)) > editorPatience {
		return 10 * editorPoll, fmt.Sprintf("it waits to be tidied while an editor has it open (%s); if none has, remove that file", name.Show(sign))
	}
	return editorPoll, ""
}

// remember notes what the file and its report are now.
func (l *qaLook) remember(started time.Time, out Outcome) {
	if l.cache == nil || l.r.DryRun || out.Again > 0 || l.unfinished {
		return
	}
	info, err := os.Lstat(l.path)
	if err != nil {
		return
	}
	e := cache.Entry{Source: cache.StatOf(info), Read: started.UnixNano(), SHA: l.version.SHA256, Options: l.hash(), Status: out.Shape,
		Pairs: out.Pairs, Errors: out.Errors, Warnings: out.Warnings}
	if side, err := os.Lstat(l.side); err == nil {
		e.Sidecar = cache.StatOf(side)
	}
	if e.Source.Mtime != l.version.MTime || e.Source.Ino != l.version.Ino {
		return // replaced, by us or by a person: the next look sees what it is now
	}
	l.cache.Put(l.path, e)
}

// HistoryPath returns the path under which the history knows the file at path:
// the folder's real one, so that it does not matter by which link one comes.
func HistoryPath(path string) string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path
	}
	return filepath.Join(dir, filepath.Base(path))
}

// count counts errors and warnings.
func count(problems []problem.Problem) (errs, warnings int) {
	for _, p := range problems {
		switch p.Severity {
		case problem.Error:
			errs++
		case problem.Warning:
			warnings++
		}
	}
	return errs, warnings
}
