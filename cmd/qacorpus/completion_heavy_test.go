//go:build heavy && linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What bash, zsh and fish themselves offer, with the scripts that the program
// writes for them. Needed: Debian's bash-completion, fish and zsh.
func TestShellsComplete(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "bin", "qacorpus")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, name := range []string{"here/a b.pdf", "here/c.PDF", "here/pairs.json", "here/lines.jsonl", "here/notes.txt", "here/sub/x.pdf", "here/q.toml"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shells := map[string]func(line string) *exec.Cmd{
		"bash": func(line string) *exec.Cmd {
			return exec.Command("bash", "--norc", "-c", `. /usr/share/bash-completion/bash_completion && . <(qacorpus completion bash)
				COMP_LINE=$1 COMP_POINT=${#1}
				read -ra COMP_WORDS <<<"$1"; [ "${1: -1}" = " " ] && COMP_WORDS+=("")
				COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9 COMP_KEY=9
				compopt() { :; } # there is no line that it could change
				__start_qacorpus; printf '%s\n' "${COMPREPLY[@]}"`, "bash", line)
		},
		"fish": func(line string) *exec.Cmd {
			return exec.Command("fish", "--no-config", "-c", `qacorpus completion fish | source; complete -C "$argv[1]"`, line)
		},
		"zsh": func(line string) *exec.Cmd {
			return exec.Command("zsh", "-f", "-c", `zmodload zsh/zpty; zpty sh "PS1= zsh -f -i"
				zpty -w sh 'bindkey "^I" complete-word; autoload -Uz compinit; compinit -u -D; source <(qacorpus completion zsh); compdef _qacorpus qacorpus; zstyle ":completion:*" list-separator "--"; setopt list_packed no_always_last_prompt; LISTMAX=0; PS1="at""> "'
				zpty -r sh text "*at> *" # only now does its line editor read
				zpty -w -n sh "$1"$'\t\t'; zpty -w -n sh $'\C-u'"echo fin""ished"$'\n'
				while zpty -r sh text; do print -r -- "$text"; [[ $text == *finished* ]] && break; done; zpty -d sh`, "zsh", line)
		},
	}
	for _, tt := range []struct {
		line       string
		want, none []string
		zshToo     bool // it takes some seconds to start
		fishToo    bool // cobra has fish offer all files where the others offer some
	}{
		{"qacorpus inst", []string{"install"}, []string{"watch", "pairs"}, false, true},
		{"qacorpus show ", []string{"a b.pdf", "c.PDF", "sub"}, []string{"pairs", "notes"}, true, false},
		{"qacorpus check ", []string{"pairs.json", "lines.jsonl", "sub"}, []string{"c.PDF", "notes"}, false, false},
		{"qacorpus restore ", []string{"pairs.json", "lines.jsonl"}, []string{"c.PDF", "notes"}, false, false},
		{"qacorpus watch ", []string{"sub"}, []string{"pairs", "notes", "c.PDF"}, true, false},
		{"qacorpus list --format ", []string{"table", "jsonl", "plain"}, []string{"pairs", "notes"}, true, true},
		{"qacorpus list --config ", []string{"q.toml"}, []string{"notes", "c.PDF"}, false, false},
		{"qacorpus show . ", []string{"0", "2"}, []string{"notes"}, false, true},
	} {
		for shell, command := range shells {
			if shell == "zsh" && !tt.zshToo {
				continue
			}
			cmd := command(tt.line)
			cmd.Dir = filepath.Join(dir, "here")
			cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"), "HOME="+dir, "XDG_STATE_HOME=", "XDG_CONFIG_HOME=", "TERM=dumb")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%s, %q: %v\n%s", shell, tt.line, err, out)
				continue
			}
			offered := strings.ReplaceAll(string(out), `\`, "")
			for _, want := range tt.want {
				if !strings.Contains(offered, want) {
					t.Errorf("%s does not offer %q after %q, but\n%s", shell, want, tt.line, offered)
				}
			}
			for _, none := range tt.none {
				if strings.Contains(offered, none) && (shell != "fish" || tt.fishToo) {
					t.Errorf("%s offers %q after %q:\n%s", shell, none, tt.line, offered)
				}
			}
		}
	}
}
