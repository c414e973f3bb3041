package unit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func services() map[string]Service {
	return map[string]Service{
		"system": {As: "ada", Group: "ada", Program: "/usr/local/bin/qacorpus", Args: []string{"watch", "--config", "/etc/qacorpus/config.toml"},
			Write: []string{"/home/ada/QA corpus 100%", "/mnt/usb", "/mnt/usb"}, Memory: 2 << 30, LogFile: "/var/log/qacorpus.log"},
		"odd names": {As: "ada", Group: "staff", Program: `/opt/q $x "a" \ 5%d/qacorpus`, Args: []string{"watch", "--config", `/etc/q $HOME "a" %h \n 'b'/config.toml`},
			Write: []string{`/home/ada/"quoted" %h $HOME \n 'q' ünï <&>`}, Memory: 3 << 30, TmpUsed: true, Env: []string{`A=%h "$x" \`},
			Notes: Notes{Config: `/etc/q $HOME "a" %h \n 'b'/config.toml`, As: "ada", Copied: `/usr/\b`}},
		"user": {User: true, Program: "/home/ada/.local/bin/qacorpus", Args: []string{"watch", "--config", "/home/ada/.config/qacorpus/config.toml"},
			Env: []string{"XDG_STATE_HOME=/home/ada/state"}, Memory: 2 << 30},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the change. Got:\n%s", file, got)
	}
}

func TestGolden(t *testing.T) {
	for name, s := range services() {
		t.Run(name, func(t *testing.T) {
			unit, err := Systemd(s)
			if err != nil {
				t.Fatal(err)
			}
			file := strings.ReplaceAll(name, " ", "-")
			golden(t, file+".service", unit)
			if got := ReadNotes(unit); got != s.Notes {
				t.Errorf("noted %+v", got)
			}
			plist, err := Plist(s)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, file+".plist", plist)
			decoder := xml.NewDecoder(bytes.NewReader(plist))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("not XML: %v", err)
				}
			}
		})
	}
}

// The packages' unit is a file there, since they are not built by this program.
func TestTemplate(t *testing.T) {
	golden(t, "../../packaging/qacorpus@.service", template())
}

func TestRefuses(t *testing.T) {
	for name, change := range map[string]func(*Service){
		"newline in a folder":  func(s *Service) { s.Write = []string{"/a\nExecStartPre=/bin/evil"} },
		"newline in the file":  func(s *Service) { s.Args = []string{"a\nb"} },
		"escape":               func(s *Service) { s.Program = "/a\x1b" },
		"delete":               func(s *Service) { s.Env = []string{"A=\x7f"} },
		"invalid UTF-8":        func(s *Service) { s.Write = []string{"/a\xff"} },
		"relative program":     func(s *Service) { s.Program = "qacorpus" },
		"newline in the user":  func(s *Service) { s.As = "ada\nUser=root" },
		"newline in the group": func(s *Service) { s.Group = "a\n" },
	} {
		s := services()["system"]
		change(&s)
		if unit, err := Systemd(s); err == nil {
			t.Errorf("%s: unit\n%s", name, unit)
		}
		if plist, err := Plist(s); err == nil {
			t.Errorf("%s: property list\n%s", name, plist)
		}
	}
	s := services()["system"]
	s.As = "%u"
	if _, err := Systemd(s); err == nil {
		t.Error("a specifier passes as a user's name")
	}
}

func TestWritePath(t *testing.T) {
	for _, tt := range []struct{ folder, mount, want string }{
		{"/home/ada/QA", "/", "/home/ada/QA"},
		{"/home/ada/QA", "/home", "/home/ada/QA"},
		{"/home/ada/QA", "/home/ada", "/home/ada"}, // an encrypted home comes and goes
		{"/mnt/usb/a/QA", "/mnt/usb", "/mnt/usb"},
		{"/mnt/usb", "/mnt/usb", "/mnt/usb"},
		{"/a", "", "/a"},
	} {
		if got := WritePath(tt.folder, tt.mount); got != tt.want {
			t.Errorf("WritePath(%q, %q) = %q, want %q", tt.folder, tt.mount, got, tt.want)
		}
	}
	for folder, want := range map[string]bool{"/tmp": true, "/tmp/x": true, "/var/tmp/x": true, "/tmpx": false, "/home/tmp": false} {
		if InTmp(folder) != want {
			t.Errorf("InTmp(%q) is not %v", folder, want)
		}
	}
}
