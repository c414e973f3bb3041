// The file's layer: every setting in a TOML file with the place it stands at,
// and every mistake in it, not only the first.

package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// setting is one value as a file gives it.
type setting struct {
	folder int // which [[folder]], from 0; -1 outside of them
	name   string
	value  literal
	offset int // of the value's first byte, or of its key's
}

// scan walks one file.
type scan struct {
	file     string
	data     []byte
	parser   unstable.Parser
	known    map[string]key  // the table, by name
	sections map[string]bool // names that have keys beneath them
	settings []setting
	folders  []int // offset of each [[folder]]
	problems problems
}

// scanFile reads what the bytes of a file set. The mistakes it returns are
// those that can be seen without knowing what a value means.
func scanFile(file string, data []byte) *scan {
	s := &scan{file: file, data: bytes.TrimPrefix(data, []byte("\uFEFF"))}
	s.known, s.sections = map[string]key{}, map[string]bool{}
	for _, k := range keys() {
		s.known[k.name] = k
		if section, _, ok := strings.Cut(k.name, "."); ok {
			s.sections[section] = true
		}
	}
	s.walk()
	s.checkWhole()
	return s
}

// walk goes through the expressions; it ends at the first syntax error, since
// nothing behind it can be trusted.
func (s *scan) walk() {
	s.parser.Reset(s.data)
	folder, prefix, skip := -1, []string(nil), false
	for s.parser.NextExpression() {
		node := s.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			folder, prefix, skip = s.header(node)
		case unstable.KeyValue:
			if !skip {
				s.keyValue(folder, prefix, node)
			}
		}
	}
}

// checkWhole lets the library decode the file: it finds what needs the whole
// file to be seen, such as a key that is given twice.
func (s *scan) checkWhole() {
	var all map[string]any
	err := toml.Unmarshal(s.data, &all)
	var at *toml.DecodeError
	switch {
	case err == nil:
	case errors.As(err, &at):
		line, column := at.Position()
		s.problems = append(s.problems, problem{file: s.file, line: line,
			column: s.characters(line, column), text: strings.TrimPrefix(at.Error(), "toml: ")})
	default:
		s.problems = append(s.problems, problem{file: s.file, text: strings.TrimPrefix(err.Error(), "toml: ")})
	}
}

// header takes [table] and [[folder]] and returns where the keys beneath it belong.
func (s *scan) header(node *unstable.Node) (folder int, prefix []string, skip bool) {
	parts, offset := s.key(node)
	name := strings.Join(parts, ".")
	inFolder := parts[0] == "folder"
	switch {
	case node.Kind == unstable.ArrayTable && name == "folder":
		s.folders = append(s.folders, offset)
		return len(s.folders) - 1, nil, false
	case node.Kind == unstable.ArrayTable:
		s.report(offset, "[[%s]] is not a list of sections; write [%s]", name, name)
	case name == "folder":
		s.report(offset, "each folder is a section of its own in double brackets; write [[folder]]")
	case inFolder && len(s.folders) == 0:
		s.report(offset, "[%s] stands before the [[folder]] that it belongs to", name)
	case inFolder && len(parts) == 2 && s.hasFolderKeys(parts[1]):
		return len(s.folders) - 1, parts[1:], false
	case !inFolder && len(parts) == 1 && s.sections[name]:
		return -1, parts, false
	case inFolder:
		s.report(offset, "[%s] is not a section that a folder has%s", name, meant(name, s.folderSections()))
	default:
		s.report(offset, "[%s] is not a section of the configuration%s", name, meant(name, s.sectionNames()))
	}
	return -1, nil, true
}

// keyValue takes one "key = value", wherever it stands; an inline table is a
// section written in one line.
func (s *scan) keyValue(folder int, prefix []string, node *unstable.Node) {
	parts, offset := s.key(node)
	path := append(append([]string(nil), prefix...), parts...)
	name, value := strings.Join(path, "."), node.Value()
	switch {
	case folder < 0 && name == "folder":
		s.inlineFolders(value, offset)
	case value.Kind == unstable.InlineTable && s.sections[name] && (folder < 0 || s.hasFolderKeys(name)):
		for it := value.Children(); it.Next(); {
			s.keyValue(folder, path, it.Node())
		}
	case !s.accepts(folder, name):
		s.unknown(folder, name, offset)
	default:
		if value.Raw.Length > 0 {
			offset = int(value.Raw.Offset)
		}
		s.settings = append(s.settings, setting{folder, name, s.literal(value), offset})
	}
}

// inlineFolders takes folder = [{path = "…"}, …].
func (s *scan) inlineFolders(value *unstable.Node, offset int) {
	if value.Kind != unstable.Array {
		s.report(offset, "folder must be a section of its own: write [[folder]] and beneath it path = \"…\"")
		return
	}
	for it := value.Children(); it.Next(); {
		if it.Node().Kind != unstable.InlineTable {
			s.report(offset, "a folder is written as [[folder]] and beneath it path = \"…\"")
			continue
		}
		s.folders = append(s.folders, offset)
		for in := it.Node().Children(); in.Next(); {
			s.keyValue(len(s.folders)-1, nil, in.Node())
		}
	}
}

// accepts reports whether a key of this name may stand there.
func (s *scan) accepts(folder int, name string) bool {
	k, ok := s.known[name]
	if folder < 0 {
		return ok
	}
	return name == "path" || name == "ignore" || ok && k.perFolder
}

func (s *scan) unknown(folder int, name string, offset int) {
	if _, ok := s.known[name]; ok {
		s.report(offset, "%s holds for all folders; set it outside [[folder]]", name)
		return
	}
	if folder < 0 && (name == "path" || name == "ignore") {
		s.report(offset, "%s belongs to a folder; write [[folder]] above it", name)
		return
	}
	var names []string
	for _, k := range keys() {
		if s.accepts(folder, k.name) {
			names = append(names, k.name)
		}
	}
	if folder >= 0 {
		names = append(names, "path", "ignore")
	}
	s.report(offset, "unknown key %s%s", name, meant(name, names))
}

// literal turns a parsed value into ours. Kinds that no key takes (tables,
// dates, fractions, lists of other things than texts) keep a kind of their own,
// so that the key says what it wants instead.
func (s *scan) literal(value *unstable.Node) literal {
	switch value.Kind {
	case unstable.String:
		return literal{kind: "text", text: string(value.Data)}
	case unstable.Integer:
		return literal{kind: "number", text: string(value.Data)}
	case unstable.Bool:
		return literal{kind: "bool", text: string(value.Data)}
	case unstable.Array:
		list := literal{kind: "list", items: []string{}}
		for it := value.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			if it.Node().Kind != unstable.String {
				return literal{kind: "mixed list"}
			}
			list.items = append(list.items, string(it.Node().Data))
		}
		return list
	}
	return literal{kind: value.Kind.String()}
}

// key returns a node's dotted key and the offset it begins at.
func (s *scan) key(node *unstable.Node) (parts []string, offset int) {
	offset = -1
	for it := node.Key(); it.Next(); {
		if offset < 0 {
			offset = int(it.Node().Raw.Offset)
		}
		parts = append(parts, string(it.Node().Data))
	}
	return parts, offset
}

func (s *scan) report(offset int, format string, args ...any) {
	s.problems = append(s.problems, s.at(offset, fmt.Sprintf(format, args...)))
}

// at makes a problem of a text and a byte offset.
func (s *scan) at(offset int, text string) problem {
	line := 1 + bytes.Count(s.data[:offset], []byte("\n"))
	start := 1 + bytes.LastIndexByte(s.data[:offset], '\n')
	return problem{file: s.file, line: line, column: 1 + utf8.RuneCount(s.data[start:offset]), text: text}
}

// characters turns a column in bytes, from 1, into one in characters.
func (s *scan) characters(line, column int) int {
	lines := bytes.Split(s.data, []byte("\n"))
	if line < 1 || line > len(lines) || column < 1 {
		return column
	}
	text := lines[line-1]
	return 1 + utf8.RuneCount(text[:min(column-1, len(text))])
}

func (s *scan) hasFolderKeys(section string) bool {
	for _, k := range s.known {
		if k.perFolder && strings.HasPrefix(k.name, section+".") {
			return true
		}
	}
	return false
}

func (s *scan) sectionNames() []string {
	names := []string{"folder"}
	for section := range s.sections {
		names = append(names, section)
	}
	return names
}

func (s *scan) folderSections() []string {
	var names []string
	for section := range s.sections {
		if s.hasFolderKeys(section) {
			names = append(names, "folder."+section)
		}
	}
	return names
}
