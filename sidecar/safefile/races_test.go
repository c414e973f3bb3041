//go:build linux

package safefile

// Races: one process saves a file in the way some editor does, twice in quick
// succession; another replaces it with its normalised form as fast as it can.
// When both rest, the file must hold the last save. The short form runs with
// the ordinary tests; -saves=20000 with the tag heavy is the long one.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// roleVar tells the test binary to be one of the two processes.
const roleVar = "SAFEFILE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "saver":
		exit(saverMain(decode[saverArgs]()))
	case "normaliser":
		exit(normaliserMain(decode[normaliserArgs]()))
	case "once":
		exit(onceMain(decode[normaliserArgs]()))
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func decode[T any]() (v T) {
	if err := json.Unmarshal([]byte(os.Args[1]), &v); err != nil {
		exit(err)
	}
	return v
}

// process starts the test binary in a role.
func process(ctx context.Context, role string, args any) *exec.Cmd {
	text, _ := json.Marshal(args)
	cmd := exec.CommandContext(ctx, os.Args[0], string(text))
	cmd.Env = append(os.Environ(), roleVar+"="+role, "GOMAXPROCS=2")
	cmd.Stderr = os.Stderr
	return cmd
}

// board is memory that both processes share: counters of the normaliser.
type board struct {
	passes, idle, replaced, changed, busy, refused, failed, back, near atomic.Int64
}

func openBoard(path string) (*board, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := f.Truncate(4096); err != nil {
		return nil, err
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*board)(unsafe.Pointer(&mem[0])), nil
}

// The file that is saved: lines, each with a version. Raw lines have spaces.
var padding = strings.Repeat("p", 1500)

type entry struct {
	V   int    `json:"v"`
	Pad string `json:"pad"`
}

func rawLine(v int, pad string) string {
	return fmt.Sprintf("{\"v\":   %d,  \"pad\":\"%s\"}\n", v, pad)
}

// normalise returns the canonical lines and the versions in them; false for
// half a file.
func normalise(data []byte) (out []byte, versions []int, ok bool) {
	for line := range bytes.Lines(data) {
		var e entry
		if json.Unmarshal(line, &e) != nil || line[len(line)-1] != '\n' {
			return nil, nil, false
		}
		text, _ := json.Marshal(e)
		out = append(append(out, text...), '\n')
		versions = append(versions, e.V)
	}
	return out, versions, len(versions) > 0
}

type normaliserArgs struct {
	Path, Kept, Board string
	Always            bool
	Quiet, Grace      time.Duration
	Data              string // for the role once
}

func (a normaliserArgs) writer() *Writer {
	return &Writer{Always: a.Always, Quiet: a.Quiet, Grace: a.Grace,
		Keep: func(_ string, data []byte) error { return a.keep(data) },
		Known: func(sum [sha256.Size]byte) bool {
			_, err := os.Stat(filepath.Join(a.Kept, hex.EncodeToString(sum[:])))
			return err == nil
		}}
}

// keep is a history that outlives the process, though not a power cut.
func (a normaliserArgs) keep(data []byte) error {
	sum := sha256.Sum256(data)
	path := filepath.Join(a.Kept, hex.EncodeToString(sum[:]))
	tmp := fmt.Sprint(path, ".", os.Getpid())
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func normaliserMain(a normaliserArgs) error {
	b, err := openBoard(a.Board)
	if err != nil {
		return err
	}
	w := a.writer()
	w.at = func(step string) {
		switch step {
		case "back":
			b.back.Add(1)
		case "exchanging", "moving aside":
			b.near.Add(1)
		}
	}
	for end := time.Now(); ; {
		if left, err := w.Recover(filepath.Dir(a.Path)); left == 0 && err == nil {
			break
		} else if time.Since(end) > 20*time.Second {
			return fmt.Errorf("recover: %d left, %v", left, err)
		}
	}
	for os.Getppid() != 1 {
		a.pass(w, b)
		b.passes.Add(1)
	}
	return nil
}

func (a normaliserArgs) pass(w *Writer, b *board) {
	data, v, err := Read(a.Path, 0)
	if err != nil {
		return
	}
	out, _, ok := normalise(data)
	switch {
	case !ok:
		return
	case bytes.Equal(out, data):
		b.idle.Add(1)
		return
	}
	if err := a.keep(data); err != nil {
		b.failed.Add(1)
		return
	}
	err = w.Replace(context.Background(), a.Path, v, out)
	var unsafe *UnsafeError
	switch {
	case err == nil:
		b.replaced.Add(1)
	case errors.Is(err, ErrChanged):
		b.changed.Add(1)
	case errors.Is(err, ErrBusy):
		b.busy.Add(1)
	case errors.As(err, &unsafe) && !a.Always:
		b.refused.Add(1)
		b.idle.Add(1)
	default:
		fmt.Fprintln(os.Stderr, err)
		b.failed.Add(1)
	}
}

// onceMain reads, keeps and replaces once; for tests that kill it on the way.
func onceMain(a normaliserArgs) error {
	data, v, err := Read(a.Path, 0)
	if err != nil {
		return err
	}
	if err := a.keep(data); err != nil {
		return err
	}
	return a.writer().Replace(context.Background(), a.Path, v, []byte(a.Data))
}

// race runs one cell in dir and returns what came of it.
func race(t *testing.T, dir, style string, n int, args normaliserArgs) (saverResult, *board) {
	t.Helper()
	scratch := t.TempDir()
	args.Path, args.Kept, args.Board = filepath.Join(dir, "a.json"), filepath.Join(scratch, "kept"), filepath.Join(scratch, "board")
	if err := os.Mkdir(args.Kept, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, args.Path, rawLine(0, ""))
	b, err := openBoard(args.Board)
	if err != nil {
		t.Fatal(err)
	}
	normaliser := process(t.Context(), "normaliser", args)
	if err := normaliser.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { normaliser.Process.Kill(); normaliser.Wait() }()
	r := runSaver(t, saverArgs{Path: args.Path, Style: style, Kept: args.Kept, Board: args.Board, Saves: n, Aside: args.Always})
	return r, b
}

func runSaver(t *testing.T, a saverArgs) (r saverResult) {
	t.Helper()
	out, err := process(t.Context(), "saver", a).Output()
	if err != nil {
		t.Fatalf("saver: %v", err)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func report(t *testing.T, cell string, r saverResult, b *board) {
	t.Helper()
	t.Logf("%-28s saves %6d lost %d torn %d stuck %d in history %d retried %d | replaced %d, changed %d, busy %d, put back %d, refused %d failed %d",
		cell, r.Saves, r.Lost, r.Torn, r.Stuck, r.InHistory, r.Retried, b.replaced.Load(), b.changed.Load(), b.busy.Load(), b.back.Load(), b.refused.Load(), b.failed.Load())
	if r.Lost+r.Torn+r.Stuck > 0 || b.failed.Load() > 0 {
		t.Errorf("%s: %d saves lost, %d files torn, %d rounds stuck, %d replacements failed", cell, r.Lost, r.Torn, r.Stuck, b.failed.Load())
	}
	if b.near.Load()+b.refused.Load() == 0 {
		t.Errorf("%s: nothing was ever replaced, so nothing was tried", cell)
	}
}

func TestRacingSavesAreNeverLost(t *testing.T) {
	for _, style := range styles {
		t.Run(style, func(t *testing.T) {
			r, b := race(t, t.TempDir(), style, 40, normaliserArgs{Grace: 2 * time.Millisecond})
			report(t, style, r, b)
		})
	}
}

func sumOf(s string) [sha256.Size]byte { return sha256.Sum256([]byte(s)) }
