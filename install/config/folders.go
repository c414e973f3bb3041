// Folders: which are watched, as absolute names, none of them twice and none in
// another.

package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

// fileFolders builds the file's folders on top of its general settings.
func (l *loading) fileFolders(s *scan) {
	for i, offset := range s.folders {
		f, ok := l.named(s, i, offset)
		if !ok {
			continue
		}
		for _, set := range s.settings {
			if set.folder == i && set.name != "path" && set.name != "ignore" {
				l.apply(s, set, &f, f.Path)
			}
		}
		l.config.Folders = append(l.config.Folders, f)
		l.config.origins[place{f.Path, "path"}] = fmt.Sprintf("%s:%d", s.file, s.at(offset, "").line)
	}
}

// named reads path and ignore of the i-th folder.
func (l *loading) named(s *scan, i, offset int) (f Folder, ok bool) {
	f = l.config.Default
	refuse := func(offset int, err error) {
		l.problems = append(l.problems, s.at(offset, err.Error()))
		ok = false
	}
	var found bool
	ok = true
	for _, set := range s.settings {
		if set.folder != i {
			continue
		}
		switch set.name {
		case "path":
			found = true
			path, err := l.filePath(set.value)
			if err != nil {
				refuse(set.offset, err)
			} else if err := l.clash(path); err != nil {
				refuse(set.offset, err)
			}
			f.Path = path
		case "ignore":
			patterns, err := globs(set.value)
			if err != nil {
				refuse(set.offset, err)
			}
			f.Ignore = patterns
			l.config.origins[place{f.Path, "ignore"}] = fmt.Sprintf("%s:%d", s.file, s.at(set.offset, "").line)
		}
	}
	if !found {
		refuse(offset, errors.New(`folder without a path; write path = "/the/folder"`))
	}
	return f, ok
}

// filePath reads a path from the file. What is relative there is refused: the
// service has another working directory than the person who wrote it.
func (l *loading) filePath(value literal) (string, error) {
	if !value.is("text") || value.text == "" {
		return "", errors.New(`path must be a text: write path = "/the/folder"`)
	}
	path, err := l.absolute(value.text)
	if err != nil {
		return "", fmt.Errorf("path %w", err)
	}
	return path, nil
}

// absolute expands ~ and refuses what is relative all the same.
func (l *loading) absolute(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~"); ok {
		switch {
		case rest != "" && !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, string(filepath.Separator)):
			return "", fmt.Errorf("%q: only ~ and ~/… are understood; write the whole path", path)
		case l.in.Home == "":
			return "", fmt.Errorf("%q: there is no home folder here; write the whole path", path)
		}
		path = l.in.Home + rest
	}
	switch {
	case strings.ContainsRune(path, 0):
		return "", fmt.Errorf("%q holds a zero byte", path)
	case !filepath.IsAbs(path):
		return "", fmt.Errorf("%q is relative; write the whole path, such as %q", path, filepath.Join(l.in.Home, path))
	}
	return filepath.Clean(path), nil
}

// clash refuses a folder that is already watched, alone or within another.
// Links are followed to compare, where the folders are there to look at.
func (l *loading) clash(path string) error {
	for _, f := range l.config.Folders {
		a, b := followed(f.Path), followed(path)
		switch {
		case a == b:
			return fmt.Errorf("folder %q is listed twice; remove one of the two", path)
		case within(a, b):
			return fmt.Errorf("folder %q lies in %q, whose sub-folders are watched anyway; remove one of the two", path, f.Path)
		case within(b, a):
			return fmt.Errorf("folder %q holds %q, which is listed too; remove one of the two", path, f.Path)
		}
	}
	return nil
}

func followed(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

func globs(value literal) ([]string, error) {
	if value.kind != "list" {
		return nil, errors.New(`ignore must be a list: write ignore = ["*.draft.pdf", "old/**"]`)
	}
	for _, pattern := range value.items {
		if !doublestar.ValidatePattern(pattern) || pattern == "" {
			return nil, fmt.Errorf("ignore: %q is not a valid pattern", pattern)
		}
	}
	return value.items, nil
}

// dirs lets folders named on the command line, else those in QACORPUS_FOLDERS,
// stand in for the file's. One that the file knows, or that lies in one the
// file knows, keeps the settings it has there.
func (l *loading) dirs() {
	names, origin := l.in.Dirs, "command line"
	if len(names) == 0 {
		for _, pair := range l.in.Env {
			if list, ok := strings.CutPrefix(pair, "QACORPUS_FOLDERS="); ok && list != "" {
				names, origin = filepath.SplitList(list), "environment QACORPUS_FOLDERS"
			}
		}
	}
	if len(names) == 0 {
		return
	}
	known := *l.config
	l.config.Folders = nil
	for _, name := range names {
		path, err := l.absolute(l.joined(name))
		if err != nil {
			l.problems = append(l.problems, problem{text: fmt.Sprintf("%s: folder %v", origin, err)})
			continue
		}
		if err := l.clash(path); err != nil {
			l.config.Warnings = append(l.config.Warnings, err.Error())
			l.keepOuter(path)
			continue
		}
		f, found := known.FolderOf(path)
		if found && f.Path != path {
			l.inherit(f.Path, path)
		}
		f.Path = path
		l.config.Folders = append(l.config.Folders, f)
		l.config.origins[place{path, "path"}] = origin
	}
}

// joined makes a command line's relative name absolute; ~ was the shell's business.
func (l *loading) joined(name string) string {
	if filepath.IsAbs(name) || l.in.WorkDir == "" {
		return name
	}
	return filepath.Join(l.in.WorkDir, name)
}

// keepOuter puts path in the place of the folder that lies in it, if one does.
func (l *loading) keepOuter(path string) {
	for i := range l.config.Folders {
		if f := &l.config.Folders[i]; f.Path != path && within(followed(path), followed(f.Path)) {
			f.Path = path
		}
	}
}

// inherit copies what is known of the origins of one folder's values to another.
func (l *loading) inherit(from, to string) {
	for _, k := range keys() {
		if origin, ok := l.config.origins[place{from, k.name}]; ok {
			l.config.origins[place{to, k.name}] = origin
		}
	}
}

// writable says whether a path can be written into a TOML file at all.
func writable(path string) error {
	if !utf8.ValidString(path) {
		return fmt.Errorf("folder %q: its name is not valid UTF-8, which a configuration file cannot hold; rename it", path)
	}
	return nil
}
