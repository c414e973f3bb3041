package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/preview"
)

func newTestTexts(t *testing.T) (*paperTexts, string) {
	t.Helper()
	c := &config.Config{State: filepath.Join(t.TempDir(), "state")}
	pool, err := extract.New(extract.Options{Workers: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	data, err := os.ReadFile("../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "AdaRank:\n\xe9.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return newPaperTexts(c, pool), path
}

func TestPaperTextsAreReadOnce(t *testing.T) {
	texts, path := newTestTexts(t)
	pages, err := texts.Pages(t.Context(), path)
	if err != nil || len(pages) != 6 || !strings.Contains(pages[0], "AdaRank") {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	// Without workers, a paper that was read before is still to be had.
	closed, err := extract.New(extract.Options{Workers: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	again := newPaperTexts(texts.config, closed)
	if pages, err := again.Pages(t.Context(), path); err != nil || len(pages) != 6 {
		t.Errorf("again: %d pages, %v", len(pages), err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("%"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if pages, err := again.Pages(t.Context(), path); err == nil {
		t.Errorf("other bytes gave %d pages that were kept", len(pages))
	}
	if title, first := texts.head(t.Context(), path); !strings.HasPrefix(title, "AdaRank") || !strings.Contains(first, "AdaRank") {
		t.Errorf("head %q, %q", title, first)
	}
}

func TestPaperTextsLeaveAlone(t *testing.T) {
	texts, path := newTestTexts(t)
	side := filepath.Join(filepath.Dir(path), strings.TrimSuffix(filepath.Base(path), ".pdf")+".preview.md")
	write := func(p preview.Preview) {
		p.Source = filepath.Base(path)
		if err := os.WriteFile(side, preview.Render(p), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(what string) {
		t.Helper()
		if pages, err := texts.Pages(t.Context(), path); err != nil || pages != nil {
			t.Errorf("%s: %d pages, %v", what, len(pages), err)
		}
	}
	write(preview.Preview{Status: preview.OnlineOnly})
	nothing("kept online only")
	write(preview.Preview{Status: preview.OK, SHA256: strings.Repeat("a", 64), Pages: 2, First: 1, Title: "Its title", Texts: []string{"```` first\n# page", "second"}})
	if title, first := texts.head(t.Context(), path); title != "Its title" || first != "```` first\n# page" {
		t.Errorf("head %q, %q", title, first)
	}
	texts.config.Extract.MaxSize = 1000
	nothing("too large")
	texts.config.Extract.MaxSize = 0
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := texts.Pages(t.Context(), path); err == nil {
		t.Error("no error for a paper that is not there")
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	nothing("a folder")
}
