package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// tree reads a folder: path below it to contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	root := os.DirFS(dir)
	if err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		f, err := root.Open(filepath.ToSlash(name))
		if err != nil {
			return err
		}
		defer f.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(f); err != nil {
			return err
		}
		files[name] = b.String()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSameSeedSameFolder(t *testing.T) {
	make := func(seed uint64, jobs int, rename bool) map[string]string {
		dir := t.TempDir()
		o := options{out: dir, n: 60, folders: 7, pages: 2, links: 10, qa: 4, seed: seed, rename: rename}
		if _, err := fill(context.Background(), o, jobs); err != nil {
			t.Fatal(err)
		}
		return tree(t, dir)
	}
	one, many, other := make(1, 1, false), make(1, 8, true), make(2, 2, false)
	if len(one) != 60+13 {
		t.Errorf("%d files, want 60 PDFs and 13 QA files", len(one))
	}
	differ := 0
	seen := map[string]bool{}
	for name, data := range one {
		if many[name] != data {
			t.Errorf("%s depends on the number of writers", name)
		}
		if other[name] != data {
			differ++
		}
		if filepath.Ext(name) == ".pdf" {
			seen[data] = true
		}
	}
	if len(many) != len(one) || differ != len(one) {
		t.Errorf("%d files by many writers, %d differ under another seed; want %d of each", len(many), differ, len(one))
	}
	if len(seen) != 50 {
		t.Errorf("%d different PDFs, want 50 and 10 links to them", len(seen))
	}
}

func TestRefusesSenselessNumbers(t *testing.T) {
	good := options{out: t.TempDir(), n: 4, folders: 1, pages: 1}
	for name, change := range map[string]func(*options){
		"no folder": func(o *options) { o.out = "" }, "no folders": func(o *options) { o.folders = 0 },
		"too many links": func(o *options) { o.links = 3 }, "no pages": func(o *options) { o.pages = 0 },
	} {
		o := good
		change(&o)
		if _, err := fill(context.Background(), o, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
