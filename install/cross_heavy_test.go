//go:build heavy && linux

package install

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The program for other systems, built here and run as far as it can be. Needed
// besides root: gcc-mingw-w64-x86-64 and wine; gcc-aarch64-linux-gnu,
// libc6-dev-arm64-cross and qemu-user-static.

// crossBuild builds the program for another system with its C compiler.
func crossBuild(t *testing.T, goos, goarch, cc string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "qacorpus")
	if goos == "windows" {
		out += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", out, "qacorpus/cmd/qacorpus")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOOS="+goos, "GOARCH="+goarch, "CC="+cc)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build for %s/%s with %s: %v\n%s", goos, goarch, cc, err, said)
	}
	return out
}

// sample copies the sample corpus into a new folder.
func sample(t *testing.T, dir string) string {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS("../testdata/QA_corpus")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// command runs something for at most ten minutes and returns what it wrote. It
// writes into a file: wine's server would keep a pipe open.
func command(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	said, readErr := os.ReadFile(out.Name())
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(said), err
}

// samePreviews compares what another system's program wrote with this one's.
func samePreviews(t *testing.T, dir string) {
	t.Helper()
	here := sample(t, filepath.Join(t.TempDir(), "here"))
	if out, err := command(t, []string{"HOME=" + t.TempDir(), "XDG_STATE_HOME="}, built, "sync", here); err != nil {
		t.Fatalf("sync here: %v\n%s", err, out)
	}
	n := 0
	err := filepath.WalkDir(here, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".preview.md") {
			return err
		}
		n++
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(here, path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(dir, rel))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs: %v", rel, err)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%d previews, %v", n, err)
	}
}

// session keeps a prompt open, as a person who is logged in does. Without any
// program that is not a service, wine ends the services too.
func session(t *testing.T, env []string) {
	t.Helper()
	cmd := exec.Command("wine", "cmd")
	cmd.Env = append(os.Environ(), env...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _ = cmd.Wait() }) // its status is that of the last thing typed
}

func TestWindowsUnderWine(t *testing.T) {
	exe := crossBuild(t, "windows", "amd64", "x86_64-w64-mingw32-gcc")
	prefix := t.TempDir()
	env := []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all"}
	wine := func(args ...string) string {
		t.Helper()
		out, err := command(t, env, append([]string{"wine"}, args...)...)
		if err != nil {
			t.Fatalf("wine %q: %v\n%s", args, err, out)
		}
		return out
	}
	wine("wineboot", "-i")
	stop := func() { _, _ = command(t, env, "wineserver", "-k", "-w") } // there may be none left
	t.Cleanup(stop)
	// A busy machine takes longer than wine's ten seconds to start a service.
	wine("reg", "add", `HKLM\System\CurrentControlSet\Control`, "/v", "ServicesPipeTimeout", "/t", "REG_DWORD", "/d", "120000", "/f")
	stop()
	session(t, env)
	if out, err := command(t, nil, "x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(prefix, "drive_c/windows/system32/bcryptprimitives.dll"),
		"testdata/wine/bcryptprimitives.c", "-ladvapi32"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := sample(t, filepath.Join(prefix, "drive_c", "QA corpus"))
	wine(exe, "sync", `C:\QA corpus`)
	samePreviews(t, dir)

	if out := wine(exe, "install", `C:\QA corpus`); !strings.Contains(out, "installed and running") {
		t.Errorf("install says:\n%s", out)
	}
	if out := wine(exe, "status"); !strings.Contains(out, "qacorpus is running") {
		t.Errorf("status says:\n%s", out)
	}
	wine(exe, "stop")
	if out, err := command(t, env, "wine", exe, "status"); err == nil || !strings.Contains(out, "qacorpus is stopped") {
		t.Errorf("after stop: %v\n%s", err, out)
	}
	wine(exe, "start")
	// A later version: the loader ignores what follows.
	later := filepath.Join(prefix, "drive_c", "later.exe")
	if out, err := command(t, nil, "sh", "-ec", `cp "$0" "$1"; printf "a later version" >>"$1"`, exe, later); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out := wine(later, "install", `C:\QA corpus`); !strings.Contains(out, "updated and running") {
		t.Errorf("a second install says:\n%s", out)
	}
	if out, err := command(t, nil, "cmp", later, filepath.Join(prefix, "drive_c/Program Files/qacorpus/qacorpus.exe")); err != nil {
		t.Errorf("the later version was not put in place: %s", out)
	}
	t.Logf("uninstall --purge says:\n%s", wine(exe, "uninstall", "--purge"))
	for _, gone := range []string{"ProgramData/qacorpus", "Program Files/qacorpus/qacorpus.exe"} {
		if exists(filepath.Join(prefix, "drive_c", gone)) {
			t.Errorf("%s is still there", gone)
		}
	}
	samePreviews(t, dir)
	if out, err := command(t, env, "wine", exe, "status"); err == nil || !strings.Contains(out, "not installed") {
		t.Errorf("after uninstall: %v\n%s", err, out)
	}
}

// binfmt says how the kernel knows a program for 64-bit ARM, and what runs it. F:
// the interpreter is opened now, so that it need not be in the other root.
const binfmt = ":qacorpus-test-arm64:M::" +
	`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:` +
	`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:` +
	"/usr/bin/qemu-aarch64-static:F"

func TestARM64UnderQEMU(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Fatal("this test emulates the other processor, and expects to run on amd64")
	}
	exe := crossBuild(t, "linux", "arm64", "aarch64-linux-gnu-gcc")
	root := t.TempDir()
	for _, dir := range []string{"lib", "proc", "dev", "tmp", "home"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir := sample(t, filepath.Join(root, "corpus"))
	// Its own root, since the workers start with an empty environment and would
	// not find the other C library. The names are private to this mount space.
	out, err := command(t, nil, "unshare", "--mount", "--propagation", "private", "sh", "-ec", `
		cp -L /usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1 /usr/aarch64-linux-gnu/lib/lib[cm].so.6 /usr/aarch64-linux-gnu/lib/lib*.so.? "$0/lib/"
		cp "$1" "$0/qacorpus"
		mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"
		[ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
		printf %s "$2" > /proc/sys/fs/binfmt_misc/register
		trap 'echo -1 > /proc/sys/fs/binfmt_misc/qacorpus-test-arm64' EXIT
		HOME=/home chroot "$0" /qacorpus sync /corpus`, root, exe, binfmt)
	if err != nil {
		t.Fatalf("sync under qemu: %v\n%s", err, out)
	}
	samePreviews(t, dir)
}
