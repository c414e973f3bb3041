package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// load writes text to a file and loads it.
func load(t *testing.T, text string, change func(*Input)) (*Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in := Input{File: file, Home: "/home/ada", WorkDir: "/work dir"}
	if change != nil {
		change(&in)
	}
	return Load(in)
}

func mustLoad(t *testing.T, text string, change func(*Input)) *Config {
	t.Helper()
	c, err := load(t, text, change)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	c, err := Load(Input{})
	if err != nil {
		t.Fatal(err)
	}
	d := c.Default
	got := []any{d.Preview.Pages, d.Preview.Ligatures, c.Extract.Timeout, c.Extract.Workers, c.Extract.Memory, c.Extract.MaxSize,
		d.QA.Normalise, d.QA.ASCII == nil, d.QA.MaxSize, d.Watch.PollInterval, d.Watch.Rescan, c.History.Keep, c.History.Days}
	want := []any{4, "keep", time.Minute, 2, int64(512 << 20), int64(1 << 30),
		"when-safe", true, int64(64 << 20), 2 * time.Second, 5 * time.Minute, 50, 90}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("defaults\n got %v\nwant %v", got, want)
	}
	for _, v := range c.Values() {
		if v.Origin != "default" {
			t.Errorf("%s comes from %q, want default", v.Key, v.Origin)
		}
	}
}

// Every key can be set from the file, the environment and a flag, and each
// layer beats the one below it.
func TestPrecedence(t *testing.T) {
	text := "[preview]\npages = 5\n[[folder]]\npath = \"/a\"\n[folder.preview]\npages = 6\n"
	env := func(in *Input) { in.Env = []string{"QACORPUS_PREVIEW_PAGES=7"} }
	flag := func(in *Input) { env(in); in.Flags = map[string]string{"preview.pages": "8"} }
	for _, tt := range []struct {
		name            string
		change          func(*Input)
		general, folder int
		origin          string
	}{
		{"file", nil, 5, 6, "config.toml:6"},
		{"environment", env, 7, 7, "environment QACORPUS_PREVIEW_PAGES"},
		{"flag", flag, 8, 8, "command line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustLoad(t, text, tt.change)
			if c.Default.Preview.Pages != tt.general || c.Folders[0].Preview.Pages != tt.folder {
				t.Errorf("got %d and %d, want %d and %d", c.Default.Preview.Pages, c.Folders[0].Preview.Pages, tt.general, tt.folder)
			}
			if got := c.origin("/a", "preview.pages"); !strings.HasSuffix(got, tt.origin) {
				t.Errorf("origin %q, want %q", got, tt.origin)
			}
		})
	}
}

func TestEveryKeyFromEveryLayer(t *testing.T) {
	for _, k := range keys() {
		text, want := k.sample()
		section, name, dotted := strings.Cut(k.name, ".")
		file := k.name + " = " + text + "\n"
		if dotted {
			file = "[" + section + "]\n" + name + " = " + text + "\n"
		}
		plain := strings.Trim(text, `"`)
		for layer, c := range map[string]*Config{
			"file":        mustLoad(t, file, nil),
			"environment": mustLoad(t, "", func(in *Input) { in.Env = []string{k.env() + "=" + plain} }),
			"flag":        mustLoad(t, "", func(in *Input) { in.Flags = map[string]string{k.name: plain} }),
		} {
			if got := show(k.field(c, &c.Default)); got != want {
				t.Errorf("%s from %s: got %s, want %s", k.name, layer, got, want)
			}
			if c.origin("", k.name) == "default" {
				t.Errorf("%s from %s: origin is default", k.name, layer)
			}
		}
	}
}

// sample returns a value that is not the default, and how it is shown.
func (k key) sample() (text, want string) {
	switch field := k.field(&Config{}, &Folder{}).(type) {
	case *string:
		if k.allowed == nil {
			return `"/some/where"`, `"/some/where"`
		}
		last := k.allowed[len(k.allowed)-1]
		return quote(last), quote(last)
	case *[]string:
		return `["a b", "c"]`, `["a b", "c"]`
	case **bool:
		return "false", "false"
	case *int:
		return "3", "3"
	case *time.Duration:
		return `"7m"`, `"7m"`
	case size:
		return `"200MiB"`, `"200MiB"`
	default:
		panic(field)
	}
}

func TestMistakesAreAllTold(t *testing.T) {
	text := `colour = 1
[preview]
pages = "four"
ligature = "keep"
[qa]
normalise = "sometimes"
indent = 99
[extract]
memory = "lots"
timeout = 60
[wach]
poll = "auto"
[[folder]]
path = "papers"
ignore = ["["]
[folder.extract]
workers = 1
[[folder]]
path = "/a"
hooks.on_change = ["x"]
[folder.qa]
maxsize = 1
[[folder]]
path = "/a/b"
[[folder]]
ignore = []
`
	_, err := load(t, text, nil)
	if err == nil {
		t.Fatal("no error")
	}
	var got []string
	for _, line := range strings.Split(err.Error(), "\n") {
		got = append(got, line[strings.LastIndex(line, "config.toml:")+len("config.toml:"):])
	}
	want := []string{
		`1:1: unknown key colour`,
		`3:9: preview.pages must be a whole number`,
		`4:1: unknown key preview.ligature; did you mean preview.ligatures?`,
		`6:13: qa.normalise must be "when-safe", "always" or "never"`,
		`7:10: qa.indent must be between 1 and 8`,
		`9:10: extract.memory must be a size such as "512MiB" or "1GiB"`,
		`10:11: extract.timeout must be a time such as "90s", "5m" or "1h30m"`,
		`11:2: [wach] is not a section of the configuration; did you mean watch?`,
		`14:8: path "papers" is relative; write the whole path, such as "/home/ada/papers"`,
		`15:1: ignore: "[" is not a valid pattern`,
		`16:2: [folder.extract] is not a section that a folder has`,
		`20:1: hooks.on_change holds for all folders; set it outside [[folder]]`,
		`22:1: unknown key qa.maxsize; did you mean qa.max_size?`,
		`24:8: folder "/a/b" lies in "/a", whose sub-folders are watched anyway; remove one of the two`,
		`25:3: folder without a path; write path = "/the/folder"`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\n\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMistakesThatStopReading(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"syntax":         {"[preview]\npages = = 4\n", "config.toml:2:9: "},
		"after a name":   {"# äöü\nstate = \"äöü\" x\n", "config.toml:2:15: "},
		"twice":          {"[qa]\nindent = 2\nindent = 3\n", "config.toml:3:1: "},
		"single folder":  {"[folder]\npath = \"/a\"\n", "config.toml:1:2: each folder is a section of its own in double brackets; write [[folder]]"},
		"orphan section": {"[folder.qa]\nindent = 2\n", "stands before the [[folder]]"},
		"path on top":    {"path = \"/a\"\n", "belongs to a folder"},
		"list section":   {"[[qa]]\nindent = 2\n", "write [qa]"},
		"section as key": {"qa = 3\n", "unknown key qa"},
		"date":           {"state = 2020-01-01\n", "state must be a text"},
		"float":          {"[qa]\nindent = 2.5\n", "qa.indent must be a whole number"},
		"invalid UTF-8":  {"state = \"\xff\"\n", "config.toml:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.text, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestFolders(t *testing.T) {
	text := `
state = "~/state"
folder = [{path = "~/corpus", ignore = ["*.draft.pdf"], qa = {normalise = false}}, {path = '/srv/100% "x"'}]
[qa]
ascii = true
[preview]
pages = 0
`
	c := mustLoad(t, text, nil)
	if c.State != "/home/ada/state" || len(c.Folders) != 2 {
		t.Fatalf("state %q, %d folders", c.State, len(c.Folders))
	}
	a, b := c.Folders[0], c.Folders[1]
	if a.Path != "/home/ada/corpus" || a.QA.Normalise != "never" || a.Preview.Pages != 0 || !*a.QA.ASCII {
		t.Errorf("first folder %+v", a)
	}
	if b.Path != `/srv/100% "x"` || b.QA.Normalise != "when-safe" || b.Ignore != nil {
		t.Errorf("second folder %+v", b)
	}
	if f, ok := c.FolderOf("/home/ada/corpus/2024/x.pdf"); !ok || f.Path != a.Path {
		t.Errorf("FolderOf: %v %v", f.Path, ok)
	}
	if f, ok := c.FolderOf("/home/ada/corpus2/x.pdf"); ok || f.Path != "" {
		t.Errorf("FolderOf outside: %v %v", f.Path, ok)
	}
}

func TestDirsReplaceTheFilesFolders(t *testing.T) {
	text := "[[folder]]\npath = \"/a\"\n[folder.qa]\nindent = 3\n[[folder]]\npath = \"/b\"\n"
	c := mustLoad(t, text, func(in *Input) { in.Dirs = []string{"/a/sub", "here", "here/", "here/below"} })
	var paths []string
	for _, f := range c.Folders {
		paths = append(paths, f.Path)
	}
	if want := []string{"/a/sub", "/work dir/here"}; !reflect.DeepEqual(paths, want) {
		t.Errorf("folders %q, want %q", paths, want)
	}
	if c.Folders[0].QA.Indent != 3 || c.Folders[1].QA.Indent != 2 {
		t.Errorf("indents %d, %d; want 3 and 2", c.Folders[0].QA.Indent, c.Folders[1].QA.Indent)
	}
	if len(c.Warnings) != 2 {
		t.Errorf("warnings %q", c.Warnings)
	}
	c = mustLoad(t, text, func(in *Input) {
		in.Env = []string{"QACORPUS_FOLDERS=/x" + string(os.PathListSeparator) + "/y", "QACORPUS_CONFIG=/c.toml", "QACORPUS_SELF_TEST=1"}
	})
	if len(c.Folders) != 2 || c.Folders[1].Path != "/y" {
		t.Errorf("folders from the environment: %+v", c.Folders)
	}
	if want := "environment variable QACORPUS_SELF_TEST is not a setting"; len(c.Warnings) != 1 || c.Warnings[0] != want {
		t.Errorf("warnings %q", c.Warnings)
	}
}

func TestSlipsInTheEnvironmentAreErrors(t *testing.T) {
	_, err := load(t, "", func(in *Input) {
		in.Env = []string{"QACORPUS_PREVIEW_PAGE=3", "QACORPUS_FOLDER=/x", "QACORPUS_CONFIGS=/y", "OTHER_PREVIEW_PAGE=3"}
	})
	want := "environment variable QACORPUS_CONFIGS is not a setting; did you mean QACORPUS_CONFIG?\n" +
		"environment variable QACORPUS_FOLDER is not a setting; did you mean QACORPUS_FOLDERS?\n" +
		"environment variable QACORPUS_PREVIEW_PAGE is not a setting; did you mean QACORPUS_PREVIEW_PAGES?"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestLinkedFolderIsTheSameFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	_, err := load(t, "[[folder]]\npath = "+quote(dir+"/a")+"\n[[folder]]\npath = "+quote(dir+"/b")+"\n", nil)
	if err == nil || !strings.Contains(err.Error(), "listed twice") {
		t.Errorf("got %v", err)
	}
}

func TestStateInsideAFolderIsRefused(t *testing.T) {
	_, err := load(t, "state = \"/a/.state\"\n[[folder]]\npath = \"/a\"\n", nil)
	if err == nil || !strings.Contains(err.Error(), "lies in the watched folder") {
		t.Errorf("got %v", err)
	}
}

func TestMissingFile(t *testing.T) {
	in := Input{File: filepath.Join(t.TempDir(), "none.toml"), Optional: true}
	if _, err := Load(in); err != nil {
		t.Errorf("optional: %v", err)
	}
	in.Optional = false
	if _, err := Load(in); err == nil {
		t.Error("a file that was asked for is missing, and nothing says so")
	}
}

func TestIgnores(t *testing.T) {
	for _, tt := range []struct {
		pattern, path string
		want          bool
	}{
		{"*.draft.pdf", "a.draft.pdf", true},
		{"*.draft.pdf", "2024/a.draft.pdf", true},
		{"old", "old/a.pdf", true},
		{"old", "2024/old/a.pdf", true},
		{"old/", "older/a.pdf", false},
		{"2024/old", "2024/old/a.pdf", true},
		{"2024/old", "x/2024/old/a.pdf", false},
		{"/old", "old/a.pdf", true},
		{"/old", "2024/old", false},
		{"**/drafts/*.pdf", "a/b/drafts/c.pdf", true},
		{"a?.pdf", "a\n.pdf", true},
		{"{a,b}.pdf", "c.pdf", false},
	} {
		if got := (Folder{Ignore: []string{tt.pattern}}).Ignores(tt.path); got != tt.want {
			t.Errorf("%q on %q: %v", tt.pattern, tt.path, got)
		}
	}
}
