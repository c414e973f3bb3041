package install

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qacorpus/install/config"
	"qacorpus/install/place"
	"qacorpus/install/report"
)

func TestCodes(t *testing.T) {
	for _, tt := range []struct {
		status Status
		want   int
	}{
		{Status{State: "not installed"}, 4},
		{Status{Installed: true, State: "running"}, 0},
		{Status{Installed: true, State: "stopped"}, 3},
		{Status{Installed: true, State: "failed"}, 3},
		{Status{Installed: true, State: "restarting"}, 3},
	} {
		if got := tt.status.Code(); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.status.State, got, tt.want)
		}
	}
}

func TestStatusText(t *testing.T) {
	at := time.Date(2026, 11, 26, 20, 0, 0, 0, time.Local)
	st := Status{Installed: true, State: "running", Enabled: true, PID: 7, Since: &at, Restarts: 3, Text: "watching 1 folder, 2 PDFs", Config: "/etc/q.toml", Version: "v1",
		Folders: []report.Folder{{Path: "/a \"b\"\n", State: "blocked", Detail: "the folder is read-only here", PDFs: 2, QA: 1, Problems: 1, LastChange: at, LastPath: "x.preview.md"}},
		Notes:   []string{"it crashed"}}
	var text bytes.Buffer
	if err := st.Write(&text, "text"); err != nil {
		t.Fatal(err)
	}
	want := `qacorpus is running
  process 7 since 2026-11-26 20:00:00
  watching 1 folder, 2 PDFs
  "/a \"b\"\n": blocked, 2 PDFs, 1 QA file, 1 with problems
    the folder is read-only here
    last change 2026-11-26 20:00:00 "x.preview.md"
  configuration /etc/q.toml
  version v1
note: it crashed
`
	if text.String() != want {
		t.Errorf("got\n%s", text.String())
	}
	text.Reset()
	if err := st.Write(&text, "json"); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["state"] != "running" || got["pid"] != 7.0 || got["restarts"] != 3.0 || len(got["folders"].([]any)) != 1 {
		t.Errorf("JSON %v", got)
	}
}

func TestMemory(t *testing.T) {
	var c config.Config
	for _, tt := range []struct {
		workers int
		each    int64
		want    int64
	}{
		{2, 512 << 20, 2 << 30}, {1, 100 << 20, 2 << 30}, {8, 1 << 30, 9 << 30}, {0, 512 << 20, 9 << 30},
	} {
		c.Extract.Workers, c.Extract.Memory = tt.workers, tt.each
		if got := memory(&c); got != tt.want {
			t.Errorf("%d workers of %d: %d, want %d", tt.workers, tt.each, got, tt.want)
		}
	}
}

func TestLastingPlace(t *testing.T) {
	home := t.TempDir()
	user := New(Options{Place: place.User("linux", []string{"HOME=" + home}), Home: home})
	system := New(Options{Place: place.System("linux", nil)})
	for _, tt := range []struct {
		s    *Service
		path string
		want bool
	}{
		{user, "/usr/bin/qacorpus", true},
		{user, filepath.Join(home, ".local", "bin", "qacorpus"), true},
		{user, filepath.Join(home, "go", "bin", "qacorpus"), true},
		{user, filepath.Join(home, "Downloads", "qacorpus"), false},
		{user, "/tmp/go-build1/qacorpus", false},
		{system, "/usr/local/bin/qacorpus", true},
		{system, filepath.Join(home, ".local", "bin", "qacorpus"), false},
		{system, "/tmp/qacorpus", false},
		{system, "/usr/bin/env", true},
	} {
		if got := tt.s.lastingPlace(tt.path); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.path, got, tt.want)
		}
	}
}

// What --purge removes must look like state: a slip in the configuration must
// not empty somebody's folder.
func TestPurgeSparesWhatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	photos := filepath.Join(dir, "photos")
	state := filepath.Join(dir, "state", "qacorpus")
	for _, d := range []string{photos, state} {
		if err := os.MkdirAll(filepath.Join(d, "x"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeState(photos); err == nil || !exists(photos) {
		t.Errorf("photos: %v", err)
	}
	if err := removeState(state); err != nil || exists(state) {
		t.Errorf("state: %v", err)
	}
}

// A folder is refused before anything is touched, with what to do about it.
func TestCheckFolders(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		dirs []string
		want string
	}{
		"none":     {nil, "no folder to watch"},
		"missing":  {[]string{filepath.Join(dir, "x\ny")}, `is not there`},
		"a file":   {[]string{file}, "is not a folder"},
		"relative": {[]string{"nowhere"}, filepath.Join(dir, "nowhere")},
	} {
		var out bytes.Buffer
		s := New(Options{Place: place.System("linux", nil), WorkDir: dir, Dirs: tt.dirs, Out: &out})
		err := s.checkFolders(&plan{config: &config.Config{}})
		var p interface{ Usage() bool }
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		} else if p, _ = err.(interface{ Usage() bool }); p == nil || !p.Usage() {
			t.Errorf("%s: is not told as wrong usage", name)
		}
	}
	var out bytes.Buffer
	s := New(Options{Place: place.System("linux", nil), WorkDir: dir, Dirs: []string{"."}, Out: &out})
	p := &plan{config: &config.Config{}}
	if err := s.checkFolders(p); err != nil || len(p.add) != 1 || p.add[0] != dir {
		t.Errorf("a relative folder: %v, %q", err, p.add)
	}
}
