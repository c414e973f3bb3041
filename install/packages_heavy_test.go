//go:build heavy && linux

package install

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// packages builds the .deb and the .rpm into a folder and returns their paths.
func packages(t *testing.T) []string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command("packaging/build.sh", "0.0.1", "amd64", out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build.sh: %v\n%s", err, said)
	}
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("packages: %q, %v", files, err)
	}
	return files
}

// The same source gives the same bytes.
func TestPackagesAreReproducible(t *testing.T) {
	first, second := packages(t), packages(t)
	for i := range first {
		a, err := os.ReadFile(first[i])
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(second[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from build to build", filepath.Base(first[i]))
		}
	}
}

// The .deb from its installation to its purge, with the service in between.
func TestDeb(t *testing.T) {
	b := boot(t)
	dir := b.folder(odd)
	for _, file := range packages(t) {
		if strings.HasSuffix(file, ".deb") {
			b.outside("cp", file, b.root+"/root/qacorpus.deb")
		}
	}
	b.run("rm", "/root/qacorpus")
	b.run("dpkg", "-i", "/root/qacorpus.deb")
	for _, path := range []string{"/usr/share/man/man1/qacorpus.1.gz", "/usr/share/bash-completion/completions/qacorpus", "/usr/share/doc/qacorpus/config.example.toml"} {
		b.run("test", "-s", path)
	}
	b.run("systemd-analyze", "verify", "/usr/lib/systemd/system/qacorpus@.service")
	if out := b.says("installed and running", "qacorpus", "install", dir); strings.Contains(out, "copied") {
		t.Errorf("the package's program was copied:\n%s", out)
	}
	b.drop(dir, "first")
	old := b.pid()
	b.run("dpkg", "-i", "/root/qacorpus.deb") // an update restarts it
	b.eventually("the service after an update", func() bool { pid := b.pid(); return pid != 0 && pid != old })
	b.drop(dir, "second")

	// The template, for those who write units by hand.
	b.run("qacorpus", "uninstall", "--purge")
	b.put("/etc/qacorpus/ada.toml", "[[folder]]\npath = '''"+odd+"'''\n")
	b.run("systemctl", "enable", "--now", "qacorpus@ada")
	b.drop(dir, "third")

	b.run("dpkg", "--purge", "qacorpus")
	b.code(1, "pgrep", "-f", "qacorpus.watch")
	b.code(1, "test", "-e", "/usr/bin/qacorpus")
	b.run("test", "-e", dir+"/third.preview.md")
}
