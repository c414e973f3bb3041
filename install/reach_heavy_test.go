//go:build heavy && linux

package install

import (
	"strings"
	"testing"
)

// asUser puts before a command what makes it a user's, as su does.
func asUser(name string, args ...string) []string {
	return append([]string{"setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "env", "HOME=/home/" + name, "USER=" + name}, args...)
}

// shared is a folder of ada's that everybody can look into, with a paper that a
// service has read and a QA file that it has tidied.
func (b *box) shared(install ...string) (dir, pairs string) {
	b.t.Helper()
	b.run("useradd", "-m", "-s", "/bin/bash", "-u", "1001", "bob")
	dir = b.folder("/srv/papers of all")
	b.run("install", "-d", "-o", "ada", "-g", "ada", dir+"/drafts")
	b.says("installed and running", append(install, dir)...)
	b.drop(dir, "first")
	b.run("chmod", "644", dir+"/first.pdf")
	b.run("cp", "--preserve=ownership,mode", dir+"/first.pdf", dir+"/drafts/other.pdf")
	pairs = dir + "/first.json"
	b.run(asUser("ada", "sh", "-c", `printf '[{"instruction": "How is B initialised, and why?", "output": "B is initialised with zeros, so that training starts from the pre-trained model."}]' >"$1"`, "sh", pairs)...)
	b.eventually("the QA file to be brought into the canonical form", func() bool {
		out, err := b.try("cat", pairs)
		return err == nil && strings.Contains(out, `"question": "How`)
	})
	return dir, pairs
}

// hears runs a command and looks for words in what it wrote, whatever its status.
func (b *box) hears(status int, args []string, wants ...string) {
	b.t.Helper()
	out := b.code(status, args...)
	for _, want := range wants {
		absent, not := strings.CutPrefix(want, "!")
		if strings.Contains(out, absent) == not {
			b.t.Errorf("%q: of %q, in\n%s", args, want, out)
		}
	}
}

// The machine's service runs as ada. She, who has a configuration of her own for
// other things, bob, to whom what it remembers is closed, and root ask about its folder.
func TestCommandsReachTheMachinesService(t *testing.T) {
	b := boot(t)
	dir, pairs := b.shared("/root/qacorpus", "install")
	edit(t, b.root+"/etc/qacorpus/config.toml", "path = \"/srv/papers of all\"\n", "path = \"/srv/papers of all\"\nignore = [\"drafts\"]\n")
	b.run("qacorpus", "restart")
	b.put("/home/ada/.config/qacorpus/config.toml", "[[folder]]\npath = '/home/ada/mine'\n")
	b.run("chown", "-R", "ada:ada", "/home/ada/.config")

	const was, asked = `"was":"alpaca"`, `"pages_asked_about":`
	jsonl := []string{"qacorpus", "list", "--format", "jsonl", dir}
	b.hears(0, asUser("ada", "qacorpus", "check", dir), "no problems") // the paper's text is kept where the service's things are
	b.run("test", "-d", "/var/lib/qacorpus/texts")
	b.hears(0, asUser("ada", jsonl...), was, asked, "!drafts", "!note:")
	b.hears(0, asUser("ada", "qacorpus", "show", dir+"/first.pdf"), "AdaRank")
	b.hears(0, asUser("ada", "qacorpus", "show", dir, "0"), "AdaRank", "!note:")
	b.hears(0, asUser("ada", "qacorpus", "export", dir), "zeros", "!note:")
	b.hears(0, asUser("ada", "qacorpus", "restore", pairs), "1  ")

	// What the service remembers is closed to bob, but not what lies in the folder.
	b.hears(0, asUser("bob", jsonl...), "first.pdf", "!drafts", "!"+was, "may not be read by you", "sudo -u ada qacorpus list --format jsonl '/srv/papers of all'")
	b.hears(0, asUser("bob", "qacorpus", "list"), "first.pdf", "!drafts")
	b.hears(0, asUser("bob", "qacorpus", "show", dir, "0"), "AdaRank", "!note:")
	b.hears(0, asUser("bob", "qacorpus", "export", dir), "zeros", "!note:")
	b.hears(2, asUser("bob", "qacorpus", "restore", pairs), "nothing that you may read", "sudo -u ada qacorpus restore")

	// A configuration with a secret in it is closed too.
	b.run("chown", "ada:root", "/etc/qacorpus/config.toml")
	b.run("chmod", "600", "/etc/qacorpus/config.toml")
	b.hears(0, asUser("bob", jsonl...), "first.pdf", "the configuration /etc/qacorpus/config.toml may not be read by you", "sudo -u ada")
	b.hears(0, asUser("bob", "qacorpus", "show", dir+"/first.pdf"), "AdaRank")
	b.hears(0, asUser("bob", "qacorpus", "export", dir), "zeros")
	b.hears(0, asUser("ada", jsonl...), was, "!drafts")

	// Root reaches all of it, and leaves it to the service.
	b.hears(0, jsonl, was, asked, "!drafts", "!note:")
	b.hears(0, []string{"qacorpus", "restore", pairs, "1"}, "is as it was")
	b.says(`"output": "B is`, "cat", pairs)
	b.run(asUser("ada", "sh", "-c", `printf '[{"q": "Why?", "a": "So."}]' >"$1"`, "sh", pairs)...)
	b.eventually("the service to tidy what was edited after root brought a version back", func() bool {
		out, err := b.try("cat", pairs)
		return err == nil && strings.Contains(out, `"question": "Why?"`)
	})
	if left := b.run("find", "/var/lib/qacorpus", "!", "-user", "ada"); left != "" {
		t.Errorf("not ada's:\n%s", left)
	}
}

// The service is ada's own. Nobody else can know where it keeps its things, but
// who has the folder can be told.
func TestCommandsReachAPersonsService(t *testing.T) {
	b := boot(t)
	b.run("loginctl", "enable-linger", "ada")
	b.eventually("ada's manager", func() bool {
		_, err := b.try(asUser("ada", "env", "XDG_RUNTIME_DIR=/run/user/1000", "systemctl", "--user", "is-system-running")...)
		return err == nil
	})
	b.run("install", "/root/qacorpus", "/usr/local/bin/qacorpus")
	b.run("chmod", "700", "/home/ada")
	dir, pairs := b.shared(asUser("ada", "qacorpus", "install", "--user")...)
	jsonl := []string{"qacorpus", "list", "--format", "jsonl", dir}
	const was = `"was":"alpaca"`
	b.hears(0, asUser("ada", jsonl...), was, "!note:")
	b.hears(0, asUser("ada", "qacorpus", "restore", pairs), "1  ")
	b.hears(0, asUser("bob", jsonl...), "first.pdf", "!"+was, "may not be read by you", "sudo -u ada qacorpus list")
	b.hears(0, asUser("bob", "qacorpus", "show", dir, "0"), "AdaRank")
	b.hears(0, asUser("bob", "qacorpus", "export", dir), "zeros")
	b.hears(2, asUser("bob", "qacorpus", "restore", pairs), "nothing ", "sudo -u ada qacorpus restore")
	b.hears(0, jsonl, was, "!note:")
	b.hears(0, []string{"qacorpus", "restore", pairs}, "1  ")
}
