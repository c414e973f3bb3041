// Load: the four layers laid over one another.

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Input is what the caller knows: nothing is read from the process itself.
type Input struct {
	File     string            // the file to read; "" for none
	Optional bool              // whether a missing file is as good as an empty one
	Env      []string          // "NAME=value", as os.Environ gives it
	Flags    map[string]string // by the key's name, such as "preview.pages"
	Dirs     []string          // folders named on the command line; they replace the file's
	Home     string            // what ~ stands for; "" where there is none
	WorkDir  string            // what relative Dirs are taken from
}

// loading is the state of one Load.
type loading struct {
	in       Input
	config   *Config
	problems problems
	outside  map[string]string // what flags and environment set, with its origin
}

// Load returns the settings in force. Its error tells every mistake found, one
// a line, each with file, line and column where it is in the file; there is no
// Config then.
func Load(in Input) (*Config, error) {
	l := &loading{in: in, config: &Config{origins: map[place]string{}}, outside: map[string]string{}}
	l.defaults()
	if err := l.file(); err != nil {
		return nil, err
	}
	l.fromOutside()
	l.dirs()
	l.checkState()
	if err := l.problems.sorted(); err != nil {
		return nil, err
	}
	return l.config, nil
}

// defaults fills what nothing else sets from the table.
func (l *loading) defaults() {
	for _, k := range keys() {
		if k.def == "" {
			continue
		}
		if err := k.set(k.field(l.config, &l.config.Default), k.defaultValue()); err != nil {
			panic(fmt.Sprintf("config: default of %s %v", k.name, err))
		}
	}
}

// file lays the file over the defaults. A file that cannot be read ends the
// loading, since nothing could be said about the rest.
func (l *loading) file() error {
	if l.in.File == "" {
		return nil
	}
	data, err := os.ReadFile(l.in.File)
	if errors.Is(err, fs.ErrNotExist) && l.in.Optional {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	l.config.File = l.in.File
	if abs, err := filepath.Abs(filepath.Join(l.base(l.in.File), l.in.File)); err == nil {
		l.config.File = abs
	}
	s := scanFile(l.in.File, data)
	l.problems = s.problems
	for _, set := range s.settings {
		if set.folder < 0 {
			l.apply(s, set, &l.config.Default, "")
		}
	}
	l.fileFolders(s)
	return nil
}

// base is the working directory for a relative name, and nothing for others.
func (l *loading) base(name string) string {
	if filepath.IsAbs(name) {
		return ""
	}
	return l.in.WorkDir
}

// apply sets one of the file's values in a folder, or in general.
func (l *loading) apply(s *scan, set setting, folder *Folder, path string) {
	k := s.known[set.name]
	if err := k.set(k.field(l.config, folder), set.value); err != nil {
		l.problems = append(l.problems, s.at(set.offset, set.name+" "+err.Error()))
		return
	}
	at := s.at(set.offset, "")
	l.config.origins[place{path, set.name}] = fmt.Sprintf("%s:%d", at.file, at.line)
}

// fromOutside lays environment and flags over the file, in every folder.
func (l *loading) fromOutside() {
	env := map[string]string{}
	for _, pair := range l.in.Env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	flags := map[string]bool{}
	for _, k := range keys() {
		flags[k.name] = true
		if text, ok := l.in.Flags[k.name]; ok {
			l.set(k, text, "command line")
		} else if text, ok := env[k.env()]; ok {
			l.set(k, text, "environment "+k.env())
		}
		delete(env, k.env())
	}
	for name := range l.in.Flags {
		if !flags[name] {
			l.problems = append(l.problems, problem{text: "unknown setting " + name})
		}
	}
	l.others(env)
}

func (l *loading) set(k key, text, origin string) {
	value, err := outside(text)
	folders := []*Folder{&l.config.Default}
	for i := range l.config.Folders {
		folders = append(folders, &l.config.Folders[i])
	}
	for _, f := range folders {
		if err == nil {
			err = k.set(k.field(l.config, f), value)
		}
		l.config.origins[place{f.Path, k.name}] = origin
	}
	if err != nil {
		l.problems = append(l.problems, problem{text: fmt.Sprintf("%s: %s %v", origin, k.name, err)})
	}
}

// others refuses variables that look like a slip in the name of a setting, which
// would otherwise go unseen for ever, and warns of those that look like nothing
// known: another program may mean something by them.
func (l *loading) others(env map[string]string) {
	known := []string{"QACORPUS_CONFIG", "QACORPUS_FOLDERS"}
	for _, k := range keys() {
		known = append(known, k.env())
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if !strings.HasPrefix(name, "QACORPUS_") || name == "QACORPUS_CONFIG" || name == "QACORPUS_FOLDERS" {
			continue
		}
		text := "environment variable " + name + " is not a setting"
		if hint := meant(name, known); hint != "" {
			l.problems = append(l.problems, problem{text: text + hint})
		} else {
			l.config.Warnings = append(l.config.Warnings, text)
		}
	}
}

func (l *loading) checkState() {
	state := l.config.State
	if state == "" {
		return
	}
	abs, err := l.absolute(state)
	if err != nil {
		l.problems = append(l.problems, problem{text: fmt.Sprintf("%s: state %v", l.config.origins[place{"", "state"}], err)})
		return
	}
	l.config.State = abs
	for _, f := range l.config.Folders {
		if within(f.Path, abs) {
			l.problems = append(l.problems, problem{text: fmt.Sprintf(
				"state folder %q lies in the watched folder %q; choose one outside it", abs, f.Path)})
		}
	}
}
