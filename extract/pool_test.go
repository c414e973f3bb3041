//go:build unix

package extract_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qacorpus/extract"
)

// fakePool is a pool of fake workers.
func fakePool(t *testing.T, o extract.Options, args ...string) *extract.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Command = append([]string{self, fakeWord}, args...)
	return pool(t, o)
}

// ask has the pool do what a fake worker is told by a page number.
func ask(t *testing.T, p *extract.Pool, what int, passwords ...string) extract.Document {
	t.Helper()
	d, err := p.Extract(t.Context(), file(t, []byte("%PDF-1.7")), extract.Request{First: what, Passwords: passwords})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCrash(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 1})
	before := ask(t, p, fakeOK)
	for _, what := range []int{fakeExit, fakeGarbage, fakeBadText} {
		d := ask(t, p, what)
		if d.Status != "crashed" || len(d.Texts) != 0 || d.Detail == "" {
			t.Errorf("script %d: %+v", what, d)
		}
		if what == fakeExit && (!strings.Contains(d.Detail, "last words") || !strings.Contains(d.Detail, "exit status 7")) {
			t.Errorf("detail %q", d.Detail)
		}
	}
	after := ask(t, p, fakeOK)
	if after.Status != "ok" || after.Texts[0] != "text" || after.Author == before.Author {
		t.Errorf("after crashes: %+v", after)
	}
}

func TestCrashOnce(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 1})
	if d := ask(t, p, fakeOnce, filepath.Join(t.TempDir(), "mark")); d.Status != "ok" {
		t.Errorf("%+v", d)
	}
}

func TestTimeout(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 1, Timeout: 50 * time.Millisecond})
	before := ask(t, p, fakeOK)
	if d := ask(t, p, fakeHang); d.Status != "timed-out" || !strings.Contains(d.Detail, "50ms") {
		t.Errorf("%+v", d)
	}
	if d := ask(t, p, fakeOK); d.Status != "ok" || d.Author == before.Author {
		t.Errorf("after a timeout: %+v", d)
	}
}

func TestRecycle(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 1, Recycle: 2})
	var pids []string
	for _, what := range []int{fakeOK, fakeOK, fakeOK, fakeGrown, fakeOK} {
		pids = append(pids, ask(t, p, what).Author)
	}
	if pids[0] != pids[1] || pids[1] == pids[2] || pids[2] != pids[3] || pids[3] == pids[4] {
		t.Errorf("workers %v", pids)
	}
}

func TestCancel(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 1})
	ask(t, p, fakeOK)
	working, stop := context.WithCancel(t.Context())
	f := file(t, []byte("%PDF-"))
	var wg sync.WaitGroup
	errs := make(chan error, 2) // one from each
	for range 2 {               // one works, one waits for the only worker
		wg.Go(func() {
			_, err := p.Extract(working, f, extract.Request{First: fakeHang})
			errs <- err
		})
	}
	stop()
	wg.Wait()
	for range 2 {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	if d := ask(t, p, fakeOK); d.Status != "ok" {
		t.Errorf("after a cancelled document: %+v", d)
	}
}

func TestCloseWhileWorking(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 2})
	f := file(t, []byte("%PDF-"))
	var wg sync.WaitGroup
	errs := make(chan error, 4) // one from each
	for range 4 {
		wg.Go(func() {
			_, err := p.Extract(t.Context(), f, extract.Request{First: fakeHang})
			errs <- err
		})
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	for range 4 {
		if err := <-errs; err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("closed while working: %v", err)
		}
	}
	if _, err := p.Extract(t.Context(), f, extract.Request{}); err == nil {
		t.Error("a closed pool works")
	}
}

func TestCannotStart(t *testing.T) {
	for name, o := range map[string]extract.Options{
		"no program":    {Command: []string{filepath.Join(t.TempDir(), "none")}},
		"ends at once":  {Command: []string{"/bin/false"}},
		"answers words": {Command: []string{"/bin/cat", "/etc/hostname"}},
	} {
		o.Workers = 1
		p := pool(t, o)
		for range 2 { // the slot is free again
			if _, err := p.Extract(t.Context(), file(t, []byte("%PDF-")), extract.Request{}); err == nil || !strings.Contains(err.Error(), "start worker") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d, err := p.Extract(t.Context(), file(t, []byte("hello")), extract.Request{}); err != nil || d.Status != "not-a-pdf" {
			t.Errorf("%s: not a PDF: %+v, %v", name, d, err)
		}
	}
	p := fakePool(t, extract.Options{}, "kernel too old")
	if _, err := p.Extract(t.Context(), file(t, []byte("%PDF-")), extract.Request{}); err == nil || !strings.Contains(err.Error(), "kernel too old") {
		t.Errorf("refused: %v", err)
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []extract.Options{{Workers: -1}, {Timeout: -1}, {Memory: 1}, {Sandbox: "yes"}, {OCR: "on"}, {Recycle: -1}} {
		if p, err := extract.New(o); err == nil {
			t.Errorf("%+v is accepted", o)
			p.Close()
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	p := fakePool(t, extract.Options{Workers: 3, Recycle: 5, Timeout: time.Minute})
	f := file(t, []byte("%PDF-"))
	var wg sync.WaitGroup
	bad := make(chan string, 100) // one from each
	for i := range 100 {
		wg.Go(func() {
			what, want := fakeOK, extract.Status("ok")
			if i%10 == 0 {
				what, want = fakeExit, "crashed"
			}
			d, err := p.Extract(context.Background(), f, extract.Request{First: what})
			if err != nil || d.Status != want {
				bad <- fmt.Sprint(d, err)
			}
		})
	}
	wg.Wait()
	close(bad)
	for b := range bad {
		t.Error(b)
	}
}
