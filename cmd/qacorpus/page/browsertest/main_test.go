//go:build heavy

package browsertest

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "`DIR` to leave pictures of the page in")

// patience bounds how long a test waits for what must happen. It is no measure of
// speed.
const patience = 60 * time.Second

// program is the path of the qacorpus under test; browser is the parent of all tabs.
// Both are set by TestMain alone.
var (
	program string
	browser context.Context
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "qacorpus-browsertest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "qacorpus")
	build := exec.Command("go", "build", "-o", program, "./cmd/qacorpus")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build qacorpus: %v\n%s", err, out)
		return 1
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		fmt.Fprintln(os.Stderr, "these tests need a browser: apt-get install -y chromium")
		return 1
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.WSURLReadTimeout(patience))
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	defer endAllocator()
	var end context.CancelFunc
	browser, end = chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintf(os.Stderr, "start %s: %v\n", path, err)
		return 1
	}
	return m.Run()
}

// root is the top of the repository.
const root = "../../../.."

// site is a running qacorpus serve.
type site struct {
	url    string // without the slash at its end
	folder string
	own    map[string]bool // paths that the test itself writes
}

// serve starts qacorpus on a copy of the sample corpus, prepared by prepare.
func serve(t *testing.T, prepare func(folder string)) site {
	t.Helper()
	home := t.TempDir()
	s := site{folder: filepath.Join(home, "QA_corpus"), own: map[string]bool{}}
	if err := os.CopyFS(s.folder, os.DirFS(filepath.Join(root, "testdata", "QA_corpus"))); err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(s.folder)
	}
	var stderr strings.Builder
	cmd := exec.Command(program, "serve", s.folder)
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	before := names(t, s.folder)
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("qacorpus serve ended with %v: %s", err, &stderr)
		}
		for name := range names(t, s.folder) {
			if !before[name] && !s.own[name] {
				t.Errorf("serve wrote %q", name)
			}
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v", err)
	}
	s.url = strings.TrimSuffix(strings.TrimSpace(line), "/")
	return s
}

// names are the files of a folder.
func names(t *testing.T, folder string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		all[path] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
