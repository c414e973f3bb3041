//go:build linux && heavy

package safefile

// The long forms: every style on every kind of file system, with and without a
// normaliser that is killed. Needs root, for the mounts, mkfs.ext4, and bindfs
// (apt-get install bindfs e2fsprogs).

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var (
	manySaves = flag.Int("saves", 400, "saves in each cell of the long races")
	onlyStyle = flag.String("style", "", "the one style to race")
	onlyMount = flag.String("mount", "", "the one file system to race on")
)

// nobody is an ordinary user.
const nobody = 65534

// place is a mounted file system to work in.
type place struct {
	name, dir string
	args      normaliserArgs
}

func sh(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// mount makes a file system of that kind; it goes with the test.
func mount(t *testing.T, kind string) place {
	t.Helper()
	base := t.TempDir()
	dir := filepath.Join(base, "m")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	p := place{name: kind, dir: dir, args: normaliserArgs{Grace: 2 * time.Millisecond}}
	switch kind {
	case "ext4":
		image := filepath.Join(base, "image")
		sh(t, "truncate", "-s", "256M", image)
		sh(t, "mkfs.ext4", "-q", image)
		sh(t, "mount", "-o", "loop", image, dir)
	case "tmpfs":
		sh(t, "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", dir)
	case "overlay":
		for _, sub := range []string{"lower", "upper", "work"} {
			if err := os.Mkdir(filepath.Join(base, sub), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		writeFile(t, filepath.Join(base, "lower", "a.json"), rawLine(0, "")) // copied up on the way
		sh(t, "mount", "-t", "overlay", "overlay", "-o",
			fmt.Sprintf("lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work", base, base, base), dir)
	case "fuse", "fuse-always":
		back := filepath.Join(base, "back")
		if err := os.Mkdir(back, 0o777); err != nil {
			t.Fatal(err)
		}
		sh(t, "bindfs", back, dir)
		if kind == "fuse-always" {
			p.args = normaliserArgs{Always: true, Quiet: 4 * time.Millisecond, Grace: 4 * time.Millisecond}
		}
	default:
		t.Fatalf("no such file system: %s", kind)
	}
	t.Cleanup(func() { sh(t, "umount", "-l", dir) })
	return p
}

var places = []string{"ext4", "tmpfs", "overlay", "fuse", "fuse-always"}

// cells runs f for each file system and style that the flags leave.
func cells(t *testing.T, f func(t *testing.T, p place, style string)) {
	for _, kind := range places {
		for _, style := range styles {
			if *onlyStyle != "" && *onlyStyle != style || *onlyMount != "" && *onlyMount != kind {
				continue
			}
			t.Run(kind+"/"+style, func(t *testing.T) { f(t, mount(t, kind), style) })
		}
	}
}

func TestRacesEverywhere(t *testing.T) {
	cells(t, func(t *testing.T, p place, style string) {
		r, b := race(t, p.dir, style, *manySaves, p.args)
		report(t, p.name+" "+style, r, b)
	})
}

// TestRacesWithAKilledNormaliser kills the replacing process again and again;
// the next one recovers what it left.
func TestRacesWithAKilledNormaliser(t *testing.T) {
	cells(t, func(t *testing.T, p place, style string) {
		scratch := t.TempDir()
		args := p.args
		args.Path, args.Kept, args.Board = filepath.Join(p.dir, "a.json"), filepath.Join(scratch, "kept"), filepath.Join(scratch, "board")
		if err := os.Mkdir(args.Kept, 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, args.Path, rawLine(0, ""))
		b, err := openBoard(args.Board)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		kills := 0
		var wg sync.WaitGroup
		wg.Go(func() {
			for ctx.Err() == nil {
				kills += killOne(t, ctx, args, b)
			}
		})
		r := runSaver(t, saverArgs{Path: args.Path, Style: style, Kept: args.Kept, Board: args.Board, Saves: *manySaves, Kills: true})
		stop()
		wg.Wait()
		if left, err := args.writer().Recover(p.dir); left > 0 || err != nil {
			t.Errorf("%d temporary files left, %v", left, err)
		}
		t.Logf("%d kills", kills)
		report(t, p.name+" "+style+" killed", r, b)
	})
}

// killOne runs a normaliser until a random moment, most often one in which it
// replaces something.
func killOne(t *testing.T, ctx context.Context, args normaliserArgs, b *board) int {
	cmd := process(context.Background(), "normaliser", args)
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return 0
	}
	near, passes := b.near.Load(), b.passes.Load()
	tick := time.NewTicker(50 * time.Microsecond)
	defer tick.Stop()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && ctx.Err() == nil; <-tick.C {
		if b.near.Load() > near || b.passes.Load() > passes+int64(rand.IntN(2000)) {
			break
		}
	}
	spin(1 << rand.IntN(13))
	cmd.Process.Kill()
	cmd.Wait()
	return 1
}

// TestOrdinaryUser runs the ordinary tests again without any privilege.
func TestOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("run as root: only root can become another user")
	}
	dir, err := os.MkdirTemp("", "safefile-nobody")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program := filepath.Join(dir, "safefile.test")
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	unix.Umask(0o022)
	cmd := exec.CommandContext(t.Context(), program, "-test.v", "-test.run", "^Test([^O]|O[^r])", "-test.skip",
		"Everywhere|Killed|SystemCall|Faults|Power")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestRacingSavesAreNeverLost") {
		t.Fatalf("as an ordinary user: %v\n%s", err, out)
	}
}
