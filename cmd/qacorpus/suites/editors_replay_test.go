//go:build linux && heavy

package suites

// Programs that save without a person at a terminal, and the ways of saving of two
// editors that need a desktop, replayed from traces of theirs.
//
// apt-get install git python3 sed

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a program in the folder.
func (d *desk) run(name string, args ...string) {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "HOME="+d.home, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// TestPrograms saves twice by each, the second time what the daemon tidied.
func TestPrograms(t *testing.T) {
	for name, edit := range map[string]func(d *desk, from, to string){
		"sed": func(d *desk, from, to string) {
			d.run("sed", "-i", "s/"+from+"/"+to+"/", "a.json")
		},
		"python": func(d *desk, from, to string) {
			d.run("python3", "-c", `
import json, sys
pairs = json.load(open("a.json"))
for pair in pairs:
    for key in pair:
        if '"%s"' % pair[key] == sys.argv[1]:
            pair[key] = sys.argv[2].strip('"')
with open("a.json", "w") as f:
    json.dump(pairs, f, indent=2)
`, from, to)
		},
		"git checkout": func(d *desk, from, to string) {
			text, err := os.ReadFile(d.a)
			if err != nil {
				d.t.Fatal(err)
			}
			// The new state is committed elsewhere and checked out here.
			d.write(filepath.Join(d.home, "next"), strings.Replace(string(text), from, to, 1))
			d.run("sh", "-c", `set -e
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
test -d "$HOME/git" || git init -q --separate-git-dir "$HOME/git" .
blob=$(git hash-object -w "$HOME/next")
tree=$(printf '100644 blob %s\ta.json\n' "$blob" | git mktree)
git update-ref refs/heads/next "$(git commit-tree -m next "$tree")"
git checkout -q next -- a.json`)
		},
		"vscode": func(d *desk, from, to string) {
			d.inPlace(from, to, os.O_RDWR|os.O_CREATE)
		},
		"jetbrains": func(d *desk, from, to string) {
			tmp, old := d.a+"___jb_tmp___", d.a+"___jb_old___"
			text, err := os.ReadFile(d.a)
			d.write(tmp, strings.Replace(string(text), from, to, 1))
			if err := errors.Join(err, os.Rename(d.a, old), os.Rename(tmp, d.a), os.Remove(old)); err != nil {
				d.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			edit(d, `"one?"`, `"two?  "`)
			d.becomes(editedTidy)
			edit(d, `"b"`, `" c"`)
			d.becomes(finalTidy)
			d.tidy(".git")
		})
	}
}

// inPlace opens the file, cuts it off and writes it anew.
func (d *desk) inPlace(from, to string, flags int) {
	d.t.Helper()
	text, err := os.ReadFile(d.a)
	if err != nil {
		d.t.Fatal(err)
	}
	f, err := os.OpenFile(d.a, flags, 0o644)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteString(strings.Replace(string(text), from, to, 1))
	}
	if err != nil {
		d.t.Fatal(err)
	}
}
