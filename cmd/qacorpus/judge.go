package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/safefile"
)

// judge reads QA files and says what is wrong with them, seen together with the
// papers and with each other. First every file is read (meet), then each that
// matters is judged (judge).
type judge struct {
	config *config.Config
	corpus *corpus.Corpus

	mu   sync.Mutex // guards what follows
	kept map[string]*qa.Result
	room int64 // how many bytes of files may still be kept
}

// keptFiles bounds the files, in bytes, whose results are kept between the two
// steps, so that they are read only once. A result takes some five times that.
const keptFiles = 32 << 20

func newJudge(c *config.Config, k *corpus.Corpus) *judge {
	return &judge{config: c, corpus: k, kept: map[string]*qa.Result{}, room: keptFiles}
}

// verdict is what was found out about one file.
type verdict struct {
	path     string // absolute
	result   *qa.Result
	findings corpus.Findings
	err      error // of reading
}

// errIrregular says that a file is none that can be read as a whole.
var errIrregular = errors.New("it is not a regular file")

// read reads and checks one file by itself; asked says that a person named it.
func (j *judge) read(path string, asked bool) (*qa.Result, int64, error) {
	folder, _ := j.config.FolderOf(path)
	o := qaOptions(folder)
	o.Name, o.Asked, o.ConflictCopy = filepath.Base(path), asked, name.ConflictCopy(filepath.Base(path))
	o.NamedAfterPDF = j.corpus.NamedAfterPDF(path)
	limit := folder.QA.MaxSize
	data, version, err := safefile.Read(path, limit)
	var unsafe *safefile.UnsafeError
	if errors.As(err, &unsafe) && unsafe.Kind == "too-large" {
		res, err := sidecar.JudgeTooLarge(path, o, version.Size, limit)
		return res, 0, err
	}
	if errors.As(err, &unsafe) {
		return nil, 0, errIrregular
	}
	if err != nil {
		return nil, 0, err
	}
	res := qa.Normalise(data, o)
	return &res, int64(len(data)), nil
}

// meet makes the files known to the corpus. asked says of a path that a person
// named it. A file that cannot be read is passed over; judge tells of it.
func (j *judge) meet(ctx context.Context, paths []string, asked func(path string) bool) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for _, path := range paths {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r, size, err := j.read(path, asked(path))
			if err != nil {
				return nil
			}
			j.corpus.PutQA(ctx, path, r)
			j.mu.Lock()
			defer j.mu.Unlock()
			if j.room -= size; j.room >= 0 {
				j.kept[path] = r
			}
			return nil
		})
	}
	return g.Wait()
}

// judge judges the files and calls tell for each, in their order.
func (j *judge) judge(ctx context.Context, paths []string, asked func(path string) bool, tell func(verdict) error) error {
	g, gctx := errgroup.WithContext(ctx)
	// Verdicts wait here for those before them.
	answers := make([]chan verdict, len(paths))
	for i := range answers {
		answers[i] = make(chan verdict, 1)
	}
	ahead := make(chan struct{}, 4*runtime.NumCPU()) // bounds how many wait
	g.Go(func() error {
		workers, wctx := errgroup.WithContext(gctx)
		workers.SetLimit(runtime.NumCPU())
		for i, path := range paths {
			select {
			case ahead <- struct{}{}:
			case <-wctx.Done():
				return workers.Wait()
			}
			workers.Go(func() error {
				v, err := j.one(wctx, path, asked(path))
				answers[i] <- v
				return err
			})
		}
		return workers.Wait()
	})
	g.Go(func() error {
		for i := range answers {
			select {
			case v := <-answers[i]:
				<-ahead
				if err := tell(v); err != nil {
					return err
				}
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// one judges one file. The error is set only where ctx ended.
func (j *judge) one(ctx context.Context, path string, asked bool) (verdict, error) {
	v := verdict{path: path}
	j.mu.Lock()
	v.result = j.kept[path]
	delete(j.kept, path)
	j.mu.Unlock()
	if v.result == nil {
		if v.result, _, v.err = j.read(path, asked); v.err != nil {
			return v, ctx.Err()
		}
	}
	var err error
	v.findings, err = j.corpus.Review(ctx, path, v.result)
	return v, err
}

// sameFile tells whether two paths lead to one file.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// cause is what is wrong with a file, without the path that an error repeats.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
