package history

// Logs: one line per version, appended; readers need no lock.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// formatLine gives the line of v: fields with a tab between them.
func formatLine(v Version) string {
	return strings.Join([]string{v.Time.UTC().Format(time.RFC3339Nano), v.SHA256, strconv.FormatInt(v.Size, 10),
		strconv.Quote(v.Why), strconv.Quote(v.Path)}, "\t")
}

// parseLine is the way back; false for a line that a crash or a person damaged.
func parseLine(line string) (v Version, ok bool) {
	part := strings.Split(line, "\t")
	if len(part) != 5 || !isSum(part[1]) {
		return Version{}, false
	}
	when, err1 := time.Parse(time.RFC3339Nano, part[0])
	size, err2 := strconv.ParseInt(part[2], 10, 64)
	why, err3 := strconv.Unquote(part[3])
	path, err4 := strconv.Unquote(part[4])
	err := errors.Join(err1, err2, err3, err4)
	return Version{Time: when, SHA256: part[1], Size: size, Why: why, Path: path}, err == nil
}

// appendLine adds v to its log, durably, unless skip says of the last line that
// it is enough; that line is then durable too, whoever wrote it. A line that a
// crash cut short is ended first.
func (s *Store) appendLine(v Version, skip func(last Version) bool) error {
	name := s.logPath(v.Path)
	if err := s.makeFolder(filepath.Dir(name)); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lock(f, true); err != nil {
		return err
	}
	old, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if all := parseLog(old); len(all) == 0 || !skip(all[len(all)-1]) {
		line := formatLine(v) + "\n"
		if len(old) > 0 && old[len(old)-1] != '\n' {
			line = "\n" + line
		}
		if _, err := f.WriteString(line); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return s.sync(filepath.Dir(name))
}

func parseLog(text []byte) []Version {
	var all []Version
	for line := range bytes.Lines(text) {
		if v, ok := parseLine(strings.TrimSuffix(string(line), "\n")); ok {
			all = append(all, v)
		}
	}
	return all
}

func (s *Store) readLog(name string) ([]Version, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return parseLog(text), err
}

// Prune forgets what is beyond the keep newest versions of a file or older than
// age at the time now; zero of either is no limit. The first version of every
// file stays, and so do the newest, which a clock that jumped may make look old,
// and the newest mark. It returns how many versions went.
func (s *Store) Prune(keep int, age time.Duration, now time.Time) (gone int, err error) {
	err = s.alone(func() error {
		named := make(map[string]bool)
		err := filepath.WalkDir(s.path(s.logs), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".log" {
				return err
			}
			all, err := s.readLog(name)
			if err != nil {
				return err
			}
			rest := pruned(all, keep, age, now)
			for _, v := range rest {
				named[v.SHA256] = true
			}
			if len(rest) == len(all) {
				return nil
			}
			gone += len(all) - len(rest)
			var text strings.Builder
			for _, v := range rest {
				text.WriteString(formatLine(v) + "\n")
			}
			return s.writeFile(name, []byte(text.String()), nil)
		})
		if err != nil {
			return err
		}
		return s.sweep(named, now)
	})
	if err != nil {
		return gone, fmt.Errorf("prune history: %w", err)
	}
	return gone, nil
}

// pruned returns what stays of a log, in its order.
func pruned(all []Version, keep int, age time.Duration, now time.Time) []Version {
	var rest []Version
	versions, mark := 0, false
	for i := len(all) - 1; i >= 0; i-- {
		v := all[i]
		stays := false
		if v.Why == Restored {
			stays = !mark && i == len(all)-1 // an older mark says nothing any more
			mark = true
		} else {
			versions++
			stays = (keep <= 0 || versions <= keep) && (age <= 0 || versions == 1 || now.Sub(v.Time) <= age) || first(all, i)
		}
		if stays {
			rest = append(rest, v)
		}
	}
	slices.Reverse(rest)
	return rest
}

// first tells whether entry i is the first version of its log.
func first(all []Version, i int) bool {
	return !slices.ContainsFunc(all[:i], func(v Version) bool { return v.Why != Restored })
}

// shared runs f while nobody prunes; alone while nobody does anything else.
func (s *Store) shared(f func() error) error { return s.locked(false, f) }
func (s *Store) alone(f func() error) error  { return s.locked(true, f) }

func (s *Store) locked(exclusive bool, f func() error) error {
	if err := s.makeFolder(s.dir); err != nil {
		return err
	}
	file, err := os.OpenFile(s.path("lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // ends the lock
	if err := lock(file, exclusive); err != nil {
		return err
	}
	return f()
}
