// Package config promises that qacorpus runs with settings that somebody wrote
// down or with documented defaults, never with a misread file: an unknown key
// or a bad value is an error with its line and column, and all of a file's
// errors are told at once.
//
// Design notes. One table (table.go) holds for every key its default, range,
// environment name and description. Loading, the commented example file, the
// README's reference and `qacorpus config` all read that table, so they cannot
// disagree. Settings come from four layers, each of which beats those after it:
// flags, environment, file, defaults. What one folder's own section says beats
// the file's general value, but not a flag or the environment: whoever starts
// the program once with QACORPUS_PREVIEW_PAGES=0 means all folders.
//
// Nothing here reads the environment or the working directory; the caller
// passes them in. The file is walked with go-toml's parser and not decoded into
// a structure, because decoding stops at the first bad value and does not say
// where a good one came from.
package config

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// Config is everything that the program was told, as plain values with nothing
// left to resolve. Sizes are bytes.
type Config struct {
	File     string   // the file it was read from, absolute; "" when there was none
	State    string   // state folder, absolute; "" means the system's own
	Folders  []Folder // the watched folders, in the order given
	Default  Folder   // what applies outside every watched folder; its Path is ""
	Warnings []string // things that work but are hardly meant, in plain words

	Extract struct {
		Timeout time.Duration // for one document
		Workers int           // 0 means one per core
		Memory  int64         // of one worker
		MaxSize int64         // a larger PDF is not opened
		Sandbox string        // auto, required, off
		OCR     string        // off, auto
	}
	History struct {
		Keep int // versions kept of each file
		Days int // and for how long; 0 means for ever
	}
	Log struct {
		Level  string // debug, info, warn, error
		Format string // auto, text, json
	}
	Hooks struct {
		OnChange []string // command and its arguments; empty means none
	}

	// origins says where a value was set, by folder ("" for all) and key; a
	// missing entry is a default. Load writes it, Values reads it.
	origins map[place]string
}

// Folder is one watched folder with the settings that hold in it.
type Folder struct {
	Path   string   // absolute and clean
	Ignore []string // doublestar patterns; see Ignores

	Preview struct {
		Pages     int      // 0 means all
		Ligatures string   // keep, expand
		Passwords []string // tried on encrypted PDFs
	}
	QA struct {
		Normalise string // when-safe, always, never
		Convert   string // all, keys, none
		Shape     string // keep, paper
		Indent    int    // spaces
		ASCII     *bool  // nil: the file's own habit
		MaxSize   int64  // a larger QA file is reported, not read
		Report    string // error, warning
	}
	Watch struct {
		Poll         string        // auto, always, never
		PollInterval time.Duration // between two looks where there are no events
		Rescan       time.Duration // between two full walks in any case
		OnlineOnly   string        // skip, fetch
	}
}

// place names one setting: a key, in one folder or (folder "") in general.
type place struct{ folder, key string }

// FolderOf returns the watched folder that path lies in, or Default and false.
func (c *Config) FolderOf(path string) (Folder, bool) {
	for _, f := range c.Folders {
		if within(f.Path, path) {
			return f, true
		}
	}
	return c.Default, false
}

// Ignores reports whether the folder's own patterns leave out path, which is
// relative to the folder. A pattern without a slash is tried on every part of
// the path, one with a slash on the path and on each folder above it: what lies
// in an ignored folder is ignored too.
func (f Folder) Ignores(path string) bool {
	path = filepath.ToSlash(path)
	for _, pattern := range f.Ignore {
		anchored := strings.Contains(strings.TrimSuffix(pattern, "/"), "/")
		pattern = strings.Trim(pattern, "/")
		for end := 0; end <= len(path); end++ {
			if end < len(path) && path[end] != '/' {
				continue
			}
			part := path[:end]
			if !anchored {
				part = part[strings.LastIndexByte(part, '/')+1:]
			}
			if ok, err := doublestar.Match(pattern, part); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// within reports whether path is folder or lies in it; both absolute and clean.
func within(folder, path string) bool {
	if rest, ok := strings.CutPrefix(path, folder); ok && (rest == "" || rest[0] == filepath.Separator) {
		return true
	}
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
