//go:build heavy

package unit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// The property lists are what Apple's format wants, by two readers that are not
// ours (Debian's libplist-utils, whose check is that of plutil -lint, and Python's
// plistlib), and say what was meant, whatever the folders are called.
func TestPlistsAreValid(t *testing.T) {
	for name, s := range services() {
		s.Args = append(s.Args, `/a & b/<c>/"d" 'e' %h ü {{.}}`, "  two  spaces  ")
		if s.LogFile == "" {
			s.LogFile = "/Users/ada/Library/Logs/a & b.log"
		}
		data, err := Plist(s)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "qacorpus.plist")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("plistutil", "-i", file, "-f", "json", "-o", os.DevNull).CombinedOutput(); err != nil {
			t.Errorf("%s: plistutil: %v\n%s", name, err, out)
		}
		out, err := exec.Command("python3", "-c", "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))", file).Output()
		if err != nil {
			t.Fatalf("%s: plistlib: %v", name, err)
		}
		var got struct {
			Label, UserName, StandardErrorPath string
			ProgramArguments                   []string
			EnvironmentVariables               map[string]string
			RunAtLoad, KeepAlive               bool
			Umask                              int
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if got.Label != Label || !slices.Equal(got.ProgramArguments, append([]string{s.Program}, s.Args...)) || got.StandardErrorPath != s.LogFile ||
			!got.RunAtLoad || !got.KeepAlive || got.Umask != 0o022 || got.UserName != s.As || len(got.EnvironmentVariables) != len(s.Env) {
			t.Errorf("%s: it says %+v", name, got)
		}
	}
}
