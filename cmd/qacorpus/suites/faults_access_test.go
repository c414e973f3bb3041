//go:build linux && heavy

package suites

// Faults of permission: files and folders of others, files that must not be
// replaced, and no descriptors left.
//
// apt-get install e2fsprogs

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFaultForbidden runs as an ordinary user, who meets what belongs to root.
func TestFaultForbidden(t *testing.T) {
	f := newFaulty(t, "", nobody)
	closed, hidden := f.at("closed"), f.at("hidden")
	f.do(os.Mkdir(closed, 0o755), os.Mkdir(hidden, 0o700)) // root's
	f.start()
	f.others(f.dir)
	f.drop(f.at("secret.pdf"))
	f.do(os.Chown(f.at("secret.pdf"), 0, 0), os.Chmod(f.at("secret.pdf"), 0o600))
	f.ask(f.at("secret.json"))
	f.do(os.Chown(f.at("secret.json"), 0, 0), os.Chmod(f.at("secret.json"), 0o600))
	for _, name := range []string{"a.pdf", "b.pdf"} {
		f.drop(filepath.Join(closed, name))
	}
	f.previewed(f.at("secret.pdf"), "unreadable")
	f.warned("secret.pdf: .*permission denied")
	f.warned("secret.json: .*permission denied")
	f.warned("[ab].pdf: .*permission denied")
	f.others(f.dir)
	f.again(filepath.Join(closed, "a.pdf"))
	f.again(f.at("secret.json"))
	f.again(f.at("secret.pdf"))
	f.others(f.dir)
	f.do(os.Chmod(f.at("secret.pdf"), 0o644), os.Chmod(f.at("secret.json"), 0o644), os.Chown(closed, nobody, nobody))
	f.do(os.Chown(f.at("secret.json"), nobody, nobody))
	for _, pdf := range []string{f.at("secret.pdf"), filepath.Join(closed, "a.pdf"), filepath.Join(closed, "b.pdf")} {
		f.previewed(pdf, "no-text")
	}
	f.tidied(f.at("secret.json"))
	f.do(os.Chown(hidden, nobody, nobody))
	f.drop(filepath.Join(hidden, "c.pdf"))
	f.previewed(filepath.Join(hidden, "c.pdf"), "no-text")
	f.only("secret.pdf: .*permission denied", "secret.json: .*permission denied", "[ab].pdf: .*permission denied", "hidden: .*permission denied")
	f.clean()
}

// TestFaultNotToBeReplaced has files that are checked and reported, and never
// replaced, as root and as an ordinary user.
func TestFaultNotToBeReplaced(t *testing.T) {
	for name, uid := range map[string]int{"root": 0, "nobody": nobody} {
		t.Run(name, func(t *testing.T) { notToBeReplaced(t, uid) })
	}
}

func notToBeReplaced(t *testing.T, uid int) {
	f := newFaulty(t, "", uid)
	target := filepath.Join(f.base, "target.json")
	names := []string{"linked.json", "hard.json", "read-only.json", "fixed.json", "grows.json"}
	f.ask(target)
	f.do(os.Symlink(target, f.at("linked.json")))
	for _, name := range names[1:] {
		f.ask(f.at(name))
	}
	f.do(os.Link(f.at("hard.json"), filepath.Join(f.base, "hard twin")), os.Chmod(f.at("read-only.json"), 0o444))
	shell(t, "chattr", "+i", f.at("fixed.json"))
	shell(t, "chattr", "+a", f.at("grows.json"))
	t.Cleanup(func() { shell(t, "chattr", "-i", "-a", f.at("fixed.json"), f.at("grows.json")) })
	f.start()
	for _, name := range names {
		f.warned("^left as it is: " + name)
	}
	f.others(f.dir)
	f.again(f.at("hard.json"))
	f.again(f.at("read-only.json"))
	f.others(f.dir)
	for _, name := range names {
		f.untouched(f.at(name))
	}
	if info, err := os.Lstat(f.at("linked.json")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	// What is wrong with them is reported all the same.
	f.do(os.Remove(f.at("read-only.json")), os.WriteFile(f.at("read-only.json"), []byte("[ {\"question\": \"one?\" \"answer\": \"b\"} ]\n"), 0o444))
	f.has(f.at("read-only.json.problems.md"))

	f.do(os.Chmod(f.at("read-only.json"), 0o644), os.Remove(filepath.Join(f.base, "hard twin")))
	f.ask(f.at("read-only.json"))
	shell(t, "chattr", "-i", "-a", f.at("fixed.json"), f.at("grows.json"))
	for _, name := range names[1:] {
		if name != "read-only.json" {
			f.again(f.at(name))
		}
		f.tidied(f.at(name))
	}
	f.gone(f.at("read-only.json.problems.md"))
	const left = ": it could be tidied, but is left as it is: "
	f.only("linked.json"+left+"it is a symbolic link$", "hard.json"+left+`it has several names \(hard links\)$`,
		"read-only.json"+left+"it is read-only$", "fixed.json"+left+"it is marked immutable$", "grows.json"+left+"it is marked immutable$")
	f.clean()
}

// TestFaultNoDescriptors takes the daemon's last descriptor away while it runs.
func TestFaultNoDescriptors(t *testing.T) {
	f := newFaulty(t, "", 0)
	f.start()
	f.others(f.dir)
	var before unix.Rlimit
	pid := f.process.Process.Pid
	f.do(unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &before))
	f.do(unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: before.Max}, nil))
	f.drop(f.at("a.pdf"))
	f.drop(f.at("b.pdf"))
	f.ask(f.at("q.json"))
	f.warned("too many open files")
	f.again(f.at("a.pdf"))
	f.do(unix.Prlimit(pid, unix.RLIMIT_NOFILE, &before, nil))
	f.previewed(f.at("a.pdf"), "no-text")
	f.previewed(f.at("b.pdf"), "no-text")
	f.tidied(f.at("q.json"))
	f.others(f.dir)
	f.only("too many open files$")
	f.clean()
}
