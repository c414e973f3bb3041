//go:build unix

package extract_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"qacorpus/extract"
	"qacorpus/extract/worker"
)

// TestMain makes this test program its own worker, as the real program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerArg {
		os.Exit(worker.Main())
	}
	if len(os.Args) > 1 && os.Args[1] == fakeWord {
		os.Exit(fakeWorker(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == daemonWord {
		os.Exit(daemon())
	}
	os.Exit(m.Run())
}

// pool is a pool that ends with the test.
func pool(t testing.TB, o extract.Options) *extract.Pool {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p, err := extract.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// file is an open file that holds data.
func file(t testing.TB, data []byte) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return reopen(t, name)
}

func reopen(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// daemonWord makes the test program a daemon: it extracts the files whose
// names it reads, one a line, with real workers, and says what came out.
const daemonWord = "__daemon"

func daemon() int {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := extract.New(extract.Options{Workers: 1, Recycle: 1, Log: log})
	if err != nil {
		return 9
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		f, err := os.Open(in.Text())
		if err != nil {
			return 9
		}
		d, err := p.Extract(context.Background(), f, extract.Request{})
		fmt.Println("status", d.Status, err)
		f.Close()
	}
	return 0
}
