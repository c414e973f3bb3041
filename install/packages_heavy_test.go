//go:build heavy && linux

package install

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Needed besides Go and a C compiler: rpm2cpio, cpio and mandoc.

// packages builds what is given out for a system from the checkout at top, and
// returns its paths, sorted.
func packages(t *testing.T, top, goos, goarch string, env ...string) []string {
	t.Helper()
	out := t.TempDir()
	if said, err := command(t, env, filepath.Join(top, "install/packaging/build.sh"), "0.0.1", goos, goarch, out); err != nil {
		t.Fatalf("build.sh: %v\n%s", err, said)
	}
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if want := map[string]int{"linux": 4, "windows": 2}[goos]; err != nil || len(files) != want {
		t.Fatalf("packages: %q, %v; want %d", files, err, want)
	}
	return files
}

// ending picks the path that ends so.
func ending(t *testing.T, paths []string, end string) string {
	t.Helper()
	for _, path := range paths {
		if strings.HasSuffix(path, end) {
			return path
		}
	}
	t.Fatalf("none of %q ends in %s", paths, end)
	return ""
}

// The same source gives the same bytes: in another folder, at another hour of the
// world, for somebody who keeps things private, and with nothing built before.
func TestPackagesAreReproducible(t *testing.T) {
	var tops []string
	for _, name := range []string{"here", "and over there"} {
		top := filepath.Join(t.TempDir(), name)
		if out, err := command(t, nil, "git", "clone", "--quiet", "--shared", "..", top); err != nil {
			t.Fatalf("clone: %v\n%s", err, out)
		}
		tops = append(tops, top)
	}
	first := append(packages(t, tops[0], "linux", "amd64"), packages(t, tops[0], "windows", "amd64")...)
	before := syscall.Umask(0o077)
	defer syscall.Umask(before)
	second := append(packages(t, tops[1], "linux", "amd64", "TZ=Pacific/Auckland", "REBUILD=1"),
		packages(t, tops[1], "windows", "amd64", "TZ=Pacific/Auckland")...)
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
		t.Logf("%x %s", sha256.Sum256(a), filepath.Base(first[i]))
	}
}

// The .deb and the .rpm hold the same, the manual's pages are in order, and the
// bill of materials names every module in the program.
func TestPackagesHoldWhatTheyShould(t *testing.T) {
	files := packages(t, "..", "linux", "amd64")
	deb, rpm := t.TempDir(), t.TempDir()
	for _, args := range [][]string{
		{"dpkg-deb", "-x", ending(t, files, ".deb"), deb},
		{"sh", "-ec", `rpm2cpio "$0" | (cd "$1" && cpio -id --quiet --no-absolute-filenames)`, ending(t, files, ".rpm"), rpm},
		{"diff", "-r", deb, rpm},
		{"sh", "-ec", `gunzip "$0"/usr/share/man/man1/*.gz && mandoc -T lint -W warning "$0"/usr/share/man/man1/*.1`, deb},
	} {
		if out, err := command(t, nil, args...); err != nil {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
	info, err := buildinfo.ReadFile(filepath.Join(deb, "usr/bin/qacorpus"))
	if err != nil {
		t.Fatal(err)
	}
	bom, err := os.ReadFile(filepath.Join(deb, "usr/share/doc/qacorpus/qacorpus.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range info.Deps {
		if !strings.Contains(string(bom), dep.Sum) {
			t.Errorf("the bill of materials lacks %s", dep.Path)
		}
	}
	if len(info.Deps) == 0 || !strings.Contains(string(bom), `"purl": "pkg:generic/mupdf@1.`) {
		t.Errorf("the bill of materials lacks MuPDF:\n%s", bom)
	}
}

// The .deb from its installation to its purge, with the service in between.
func TestDeb(t *testing.T) {
	b := boot(t)
	dir := b.folder(odd)
	b.outside("cp", ending(t, packages(t, "..", "linux", "amd64"), ".deb"), b.root+"/root/qacorpus.deb")
	b.run("rm", "/root/qacorpus")
	b.run("dpkg", "-i", "/root/qacorpus.deb")
	for _, path := range []string{"/usr/share/man/man1/qacorpus.1.gz", "/usr/share/man/man1/qacorpus-show.1.gz", "/usr/share/bash-completion/completions/qacorpus", "/usr/share/doc/qacorpus/config.example.toml"} {
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
