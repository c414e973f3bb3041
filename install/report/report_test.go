package report

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
	"testing"
	"time"
)

func TestWriteAndRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before: %v", err)
	}
	at := time.Date(2026, 11, 26, 20, 0, 0, 0, time.UTC)
	want := Report{Version: "v1", PID: 7, Started: at, Updated: at.Add(time.Hour),
		Folders: []Folder{{Path: "/a b%", State: "watching", PDFs: 214, QA: 3, Problems: 3, LastChange: at, LastPath: "x.pdf"}, {Path: "/b", State: "waiting"}}}
	for range 2 { // the second one replaces the first
		if err := Write(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(dir)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left in the state folder: %v, %v", left, err)
	}
	if err := Write(dir+"/none", want); err == nil {
		t.Error("no error where the state folder is missing")
	}
}

func TestLine(t *testing.T) {
	for _, tt := range []struct {
		folders []Folder
		want    string
	}{
		{[]Folder{{State: "watching", PDFs: 200, Problems: 3}, {State: "watching", PDFs: 14}}, "watching 2 folders, 214 PDFs, 3 with problems"},
		{[]Folder{{State: "watching", PDFs: 1}}, "watching 1 folder, 1 PDF"},
		{[]Folder{{State: "waiting"}}, "watching 0 folders, 0 PDFs; waiting for 1 folder"},
		{[]Folder{{State: "watching"}, {State: "blocked", PDFs: 2}}, "watching 1 folder, 2 PDFs; no access to 1 folder"},
	} {
		if got := (Report{Folders: tt.folders}).Line(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
