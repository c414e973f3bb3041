// Update: a file that people wrote, changed only where it must be.

package config

import (
	"fmt"
	"slices"
	"strings"
)

// AddFolders returns data, a configuration file's bytes, with a [[folder]] for
// each of the folders that it does not have yet. Nothing else in it changes:
// comments, order and layout are the person's. Folders are absolute. The error
// names what keeps the file from taking them.
func AddFolders(file string, data []byte, home string, folders []string) ([]byte, error) {
	s := scanFile(file, data)
	if err := s.problems.sorted(); err != nil {
		return nil, err
	}
	l := &loading{in: Input{Home: home}}
	var have []string
	for _, set := range s.settings {
		if set.name == "path" && set.folder >= 0 {
			path, err := l.filePath(set.value)
			if err != nil {
				return nil, problems{s.at(set.offset, err.Error())}
			}
			have = append(have, followed(path))
		}
	}
	var missing []string
	for _, f := range folders {
		if !slices.Contains(have, followed(f)) {
			missing = append(missing, f)
			have = append(have, followed(f))
		}
	}
	out, err := appendFolders(data, missing)
	if err != nil {
		return nil, err
	}
	if again := scanFile(file, out); len(again.problems) > 0 {
		return nil, fmt.Errorf("add folder to %s: the file lists its folders in one line; write each as a [[folder]] section", file)
	}
	return out, nil
}

// appendFolders adds sections at the end of a file, where they are always in place.
func appendFolders(data []byte, folders []string) ([]byte, error) {
	var b strings.Builder
	b.Write(data)
	if len(data) > 0 && len(folders) > 0 && data[len(data)-1] != '\n' {
		b.WriteByte('\n')
	}
	for _, f := range folders {
		if err := writable(f); err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "\n[[folder]]\npath = %s\n", quote(f))
	}
	return []byte(b.String()), nil
}
