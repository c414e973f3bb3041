//go:build linux && cgo && !nocgo

package extract_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

// fakeTesseract puts a script in tesseract's place.
func fakeTesseract(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tesseract"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

// scanned is a document without text, of flat pages that are quickly drawn.
func scanned(pages int) []byte {
	var d tinypdf.Doc
	for range pages {
		d.Pages = append(d.Pages, "0 0 99 9 re f")
	}
	return bytes.ReplaceAll(d.Bytes(), []byte("[0 0 612 792]"), []byte("[0 0 612 009]"))
}

func TestRecognised(t *testing.T) {
	fakeTesseract(t, `head -c 4 | tail -c 3; printf ' \0 and\r\nmore\n\n\f'`)
	p := pool(t, extract.Options{Workers: 1, OCR: "auto"})
	d, err := p.Extract(t.Context(), file(t, scanned(2)), extract.Request{})
	const text = "PNG  and\nmore\n"
	if err != nil || d.Status != "ok" || !d.Recognised || len(d.Texts) != 2 || d.Texts[0] != text || d.Texts[1] != text {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := p.Extract(t.Context(), file(t, numbered(1)), extract.Request{}); err != nil || d.Recognised || d.Texts[0] != "page 1\n" {
		t.Errorf("a page with text: %+v, %v", d, err)
	}
}

func TestNotRecognised(t *testing.T) {
	for name, c := range map[string]struct{ script, detail string }{
		"nothing there": {`echo "  "`, ""},
		"fails":         {`echo "no such language" >&2; exit 3`, "no such language"},
		"no end":        {`while :; do :; done`, "not done within"},
		"too much":      {`while :; do echo 0123456789012345678901234567890123456789; done`, "page 1 is not recognised"},
		"writes":        {`echo x >"${0%/*}/written" && echo wrote`, "ermission denied"},
		"reads":         {`cat /var/lib/dpkg/status /root/.bashrc && echo read`, "ermission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			fakeTesseract(t, c.script)
			o := extract.Options{Workers: 1, OCR: "auto"}
			if name == "no end" {
				o.Timeout = time.Second
			}
			d, err := pool(t, o).Extract(t.Context(), file(t, scanned(1)), extract.Request{})
			if err != nil || d.Status != "no-text" || d.Recognised || !strings.Contains(d.Detail, c.detail) {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

func TestRecognitionOff(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no tesseract
	d, err := pool(t, extract.Options{Workers: 1, OCR: "auto"}).Extract(t.Context(), file(t, scanned(1)), extract.Request{})
	if err != nil || d.Status != "no-text" || d.Detail != "" {
		t.Errorf("not installed: %+v, %v", d, err)
	}
	fakeTesseract(t, "echo text")
	d, err = pool(t, extract.Options{Workers: 1}).Extract(t.Context(), file(t, scanned(1)), extract.Request{})
	if err != nil || d.Status != "no-text" || d.Recognised {
		t.Errorf("off: %+v, %v", d, err)
	}
}

func TestRecognitionStopped(t *testing.T) {
	fakeTesseract(t, `while :; do :; done`)
	p := pool(t, extract.Options{Workers: 1, OCR: "auto"})
	f := file(t, scanned(1))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	errs := make(chan error, 2) // one from each
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := p.Extract(ctx, f, extract.Request{})
		errs <- err
	})
	stop()
	wg.Wait()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Error("cancelled:", err)
	}
	wg.Go(func() {
		_, err := p.Extract(t.Context(), f, extract.Request{})
		errs <- err
	})
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := <-errs; err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error("closed:", err)
	}
}
