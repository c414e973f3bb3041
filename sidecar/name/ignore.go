package name

import "strings"

// Ignored reports whether base, the name of a file or a folder, is one that
// qacorpus passes over: hidden names, and what editors, browsers, sync clients
// and file managers leave beside the files they work on.
func Ignored(base string) bool {
	if base == "" || base[0] == '.' {
		return true
	}
	for _, p := range ignoredPrefixes {
		if strings.HasPrefix(base, p) {
			return true
		}
	}
	for _, s := range ignoredSuffixes {
		if hasSuffixFold(base, s) {
			return true
		}
	}
	if base[0] == '#' && base[len(base)-1] == '#' && len(base) > 1 {
		return true // emacs' auto-save file
	}
	if strings.Contains(base, "___jb_") {
		return true // JetBrains' safe write
	}
	if len(base) > 4 && strings.Contains(base[len(base)-4:], ".sw") && base[len(base)-4] == '.' {
		return true // vim's swap files: .swp, .swo, .swx
	}
	return ignoredNames[base]
}

var ignoredPrefixes = []string{
	"~$",          // Microsoft Office's lock files
	"~syncthing~", // Syncthing on Windows
}

var ignoredSuffixes = []string{
	"~", ".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".unison",
}

// ignoredNames are whole names. The folders among them belong to NAS systems,
// archives made on macOS, and sync clients.
var ignoredNames = map[string]bool{
	"4913":      true, // vim's probe for a writable folder
	"Thumbs.db": true, "desktop.ini": true, "Icon\r": true,
	"@eaDir": true, "__MACOSX": true, "#recycle": true, "$RECYCLE.BIN": true,
	"System Volume Information": true, "lost+found": true,
}

// ConflictCopy reports whether base is a copy that a sync client made because
// two machines had changed one file: Syncthing's .sync-conflict-, Nextcloud's
// _conflict-, Dropbox's and Nextcloud's "conflicted copy", rclone bisync's
// .conflict1 and ..path1.
func ConflictCopy(base string) bool {
	lower := strings.ToLower(base)
	for _, mark := range [3]string{".sync-conflict-", "_conflict-", "conflicted copy"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	if bisyncMark(base) != "" {
		return true
	}
	_, after, ok := strings.Cut(lower, ".conflict")
	return ok && after != "" && after[0] >= '0' && after[0] <= '9'
}

// Conflicting returns the name of the preview of which base is a conflict copy, by the marks that [ConflictCopy] knows; "" where
// it is none.
func Conflicting(base string) string {
	whole := base
	if mark := bisyncMark(base); mark != "" {
		whole = strings.TrimSuffix(base, mark)
	} else if stem, ok := strings.CutSuffix(base, previewEnd); ok {
		if at := strings.LastIndex(stem, previewStem); at > 0 && ConflictCopy(stem[at:]) {
			whole = stem[:at] + previewSuffix
		}
	}
	if whole == base || Of(whole) != Preview {
		return ""
	}
	return whole
}

// bisyncMark returns the mark that rclone bisync put at the end of base:
// "..path1" or ".conflict1" with any number; "" where there is none.
func bisyncMark(base string) string {
	digits := len(base)
	for digits > 0 && base[digits-1] >= '0' && base[digits-1] <= '9' {
		digits--
	}
	if digits == len(base) {
		return ""
	}
	for _, mark := range [2]string{"..path", ".conflict"} {
		if strings.HasSuffix(base[:digits], mark) {
			return base[digits-len(mark):]
		}
	}
	return ""
}
