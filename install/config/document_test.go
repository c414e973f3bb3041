package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The example sets nothing, and says the truth about every default: with each
// of its lines taken out of its comment it still loads to the same settings.
func TestExample(t *testing.T) {
	data, err := Example([]string{"/home/ada/QA corpus"})
	if err != nil {
		t.Fatal(err)
	}
	plain := mustLoad(t, string(data), nil)
	var on []string
	for _, line := range strings.Split(string(data), "\n") {
		if name, value, ok := strings.Cut(strings.TrimPrefix(line, "# "), " = "); ok &&
			strings.HasPrefix(line, "# ") && !strings.Contains(name, " ") && name != "ascii" {
			line = name + " = " + value
		}
		on = append(on, line)
	}
	set := mustLoad(t, strings.Join(on, "\n"), nil)
	inFile := 0
	for i, v := range set.Values() {
		p := plain.Values()[i]
		if v.Text != p.Text {
			t.Errorf("%s: the example says %s, the default is %s", v.Key, v.Text, p.Text)
		}
		if v.Origin != "default" {
			inFile++
		}
	}
	if want := len(keys()); inFile != want { // all but qa.ascii, and the folder's path
		t.Errorf("%d settings came from the example, want %d", inFile, want)
	}
	if len(plain.Folders) != 1 || plain.Folders[0].Path != "/home/ada/QA corpus" {
		t.Errorf("folders %+v", plain.Folders)
	}
}

func TestReferenceNamesEveryKey(t *testing.T) {
	text := string(Reference())
	for _, k := range keys() {
		if !strings.Contains(text, "| `"+k.name+"` |") || !strings.Contains(text, "`"+k.env()+"`") {
			t.Errorf("%s or its variable is missing", k.name)
		}
		if k.doc == "" {
			t.Errorf("%s has no description", k.name)
		}
	}
	if lines := strings.Count(text, "\n"); lines != len(keys())+2 {
		t.Errorf("%d lines", lines)
	}
}

func TestPasswordsAreNotShown(t *testing.T) {
	c := mustLoad(t, "[preview]\npasswords = [\"geheim\"]\n", nil)
	for _, v := range c.Values() {
		if strings.Contains(v.Text, "geheim") {
			t.Errorf("%s shows a password", v.Key)
		}
	}
	if c.Default.Preview.Passwords[0] != "geheim" {
		t.Error("password lost")
	}
}

func TestAddFoldersKeepsTheRest(t *testing.T) {
	old := "# mine\n[qa] # yes\nindent   =  4\n\n[[folder]]\npath = \"/a\" # here"
	data, err := AddFolders("config.toml", []byte(old), "/home/ada", []string{"/a", "/b\n\"c\" %", "/b\n\"c\" %"})
	if err != nil {
		t.Fatal(err)
	}
	if rest, ok := strings.CutPrefix(string(data), old); !ok || strings.Count(rest, "[[folder]]") != 1 {
		t.Errorf("got\n%s", data)
	}
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Input{File: file})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Folders) != 2 || c.Folders[1].Path != "/b\n\"c\" %" || c.Folders[1].QA.Indent != 4 {
		t.Errorf("folders %+v", c.Folders)
	}
	again, err := AddFolders("config.toml", data, "/home/ada", []string{"/a", "/b\n\"c\" %"})
	if err != nil || string(again) != string(data) {
		t.Errorf("second time: %v\n%s", err, again)
	}
}

func TestAddFoldersRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, folder, want string }{
		"broken file":   {"[qa]\nindnt = 2\n", "/a", "config.toml:2:1: unknown key"},
		"invalid UTF-8": {"", "/a\xff", "not valid UTF-8"},
		"inline list":   {"folder = [{path = \"/a\"}]\n", "/b", "in one line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := AddFolders("config.toml", []byte(tt.text), "", []string{tt.folder})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{"512MiB": 512 << 20, "1.5 GiB": 3 << 29, "1GB": 1e9, "10": 10, "10B": 10, "1_000kB": 1e6, "0": 0} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1e3", "1 XB", "99999999999TiB", "1.2.3", "inf", "0x10"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q taken as %d", text, got)
		}
	}
	for n, want := range map[int64]string{512 << 20: "512MiB", 1 << 30: "1GiB", 1000: "1000B", 0: "0B", 3 << 29: "1536MiB"} {
		if got := formatSize(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// Whatever the bytes are, reading them ends in settings or in a message.
func FuzzScan(f *testing.F) {
	example, err := Example([]string{"/a"})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(example), "folder = [{path='/x', qa={indent=1}}]", "[a\n", "x.y.z = {a = [1, {b = 2}]}", "[[folder]]\n[folder.qa]\nindent=2\n", "a = 'é' b\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := scanFile("x", data)
		for _, p := range s.problems {
			if p.column < 0 || p.line < 0 || p.text == "" {
				t.Errorf("problem %+v", p)
			}
		}
	})
}
