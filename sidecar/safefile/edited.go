package safefile

// Editors' own signs that a file is open: swap files and lock files beside it.

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Edited returns the name of the file beside path by which an editor says that
// it has path open, or "". Signs whose editor has died are passed over where
// that can be told: they name a process of this machine that is gone. Others
// stay for ever after a crash, so callers wait for them with a ceiling.
//
// Known are vim and neovim (.X.swp to .X.swa; also nano -G), emacs and joe
// (.#X), LibreOffice (.~lock.X#), and kate (.X.kate-swp).
func Edited(path string) string {
	dir, base := filepath.Split(path)
	for c := byte('p'); c >= 'a'; c-- {
		name := "." + base + ".sw" + string(c)
		if head, ok := start(dir + name); ok && !deadSwap(head) {
			return name
		} else if !ok && c < 'm' {
			break // vim counts down without gaps, but for files that were removed
		}
	}
	if name := ".#" + base; lockLives(dir + name) {
		return name
	}
	for _, name := range []string{".~lock." + base + "#", "." + base + ".kate-swp"} {
		if _, err := os.Lstat(dir + name); err == nil {
			return name
		}
	}
	return ""
}

// start returns the first kilobyte of a regular file.
func start(path string) ([]byte, bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, false
	}
	if !info.Mode().IsRegular() {
		return nil, true
	}
	f, err := openForReading(path, false)
	if err != nil {
		return nil, !errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	head := make([]byte, 1024)
	n, _ := io.ReadFull(f, head)
	return head[:n], true
}

// deadSwap reads the first block of a vim swap file: "b0", the version, then at
// byte 24 the process, at 28 the user and at 68 the host, NUL-padded to 40
// bytes each (vim's memline.c, struct block0; ":help swap-file").
func deadSwap(head []byte) bool {
	if len(head) < 108 || string(head[:2]) != "b0" {
		return false
	}
	pid := binary.LittleEndian.Uint32(head[24:])
	host, _, _ := bytes.Cut(head[68:108], []byte{0})
	return pid > 0 && pid < 1<<31 && gone(string(host), int(pid))
}

// lockLives reads an emacs or joe lock: a symbolic link, or a file where there
// are none, that says user@host.process, and emacs adds :boot-time.
func lockLives(path string) bool {
	text, err := os.Readlink(path)
	if err != nil {
		head, ok := start(path)
		if !ok {
			return false
		}
		text = string(head)
	}
	text, _, _ = strings.Cut(strings.TrimSpace(text), ":")
	_, text, ok := strings.Cut(text, "@")
	dot := strings.LastIndexByte(text, '.')
	if !ok || dot < 0 {
		return true
	}
	pid, err := strconv.Atoi(text[dot+1:])
	return err != nil || pid <= 0 || !gone(text[:dot], pid)
}

// gone tells that host is this machine and has no such process.
func gone(host string, pid int) bool {
	here, err := os.Hostname()
	return err == nil && host == here && !alive(pid)
}
