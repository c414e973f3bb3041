// Documents: the settings in force, the commented example and the reference,
// all from the table.

package config

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Value is one effective setting, for people to read.
type Value struct {
	Folder string // the folder it holds in; "" where it holds in general
	Key    string
	Text   string // as TOML; "" where unset. Passwords are not shown
	Origin string // default, FILE:LINE, environment NAME, command line
	Doc    string
}

// Values returns the effective settings: first the general ones, then for each
// folder its path, its patterns and whatever differs from the general ones.
func (c *Config) Values() []Value {
	var all []Value
	for _, k := range keys() {
		all = append(all, c.value(k, &c.Default))
	}
	for _, f := range c.Folders {
		all = append(all, Value{f.Path, "path", show(&f.Path), c.origin(f.Path, "path"), "The watched folder."})
		if len(f.Ignore) > 0 {
			all = append(all, Value{f.Path, "ignore", show(&f.Ignore), c.origin(f.Path, "ignore"), ignoreDoc})
		}
		for _, k := range keys() {
			if k.perFolder && c.origins[place{f.Path, k.name}] != "" &&
				c.origins[place{f.Path, k.name}] != c.origins[place{"", k.name}] {
				all = append(all, c.value(k, &f))
			}
		}
	}
	return all
}

// Write prints the effective settings as a configuration file that would lead to
// them, with the origin of each in a comment. Passwords are hidden.
func (c *Config) Write(w *bytes.Buffer) {
	section, folder := "", ""
	for _, v := range c.Values() {
		if v.Key == "path" {
			w.WriteString("\n[[folder]]\n")
			section, folder = "", v.Folder
		}
		name := v.Key
		if s, rest, ok := strings.Cut(v.Key, "."); ok {
			name = rest
			if s != section {
				section = s
				if folder != "" {
					s = "folder." + s
				}
				fmt.Fprintf(w, "\n[%s]\n", s)
			}
		}
		line := name + " = " + v.Text
		if v.Text == "" {
			line = "# " + name + " is unset"
		}
		fmt.Fprintf(w, "%-40s # %s\n", line, v.Origin)
	}
}

const ignoreDoc = "Patterns of names to leave alone: * and ? within a name, ** across folders. Without a slash a pattern is tried on every name, with one on the path from the folder."

func (c *Config) value(k key, f *Folder) Value {
	text := show(k.field(c, f))
	if k.secret && text != "[]" {
		text = `["(hidden)"]`
	}
	return Value{f.Path, k.name, text, c.origin(f.Path, k.name), k.doc}
}

func (c *Config) origin(folder, key string) string {
	if o := c.origins[place{folder, key}]; o != "" {
		return o
	}
	return "default"
}

// Example returns a configuration file that sets nothing but the folders and
// describes every key with its default. It is what `qacorpus install` writes
// and what packages ship.
func Example(folders []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Configuration of qacorpus. Each line that begins with a single # shows a default;\n" +
		"# take the # away to change it. `qacorpus config` shows what is in force.\n")
	section := ""
	for _, k := range keys() {
		name := k.name
		if s, rest, ok := strings.Cut(k.name, "."); ok {
			name = rest
			if s != section {
				section = s
				fmt.Fprintf(&b, "\n[%s]\n", s)
			}
		}
		def := k.def
		if def == "" {
			def = "true"
		}
		fmt.Fprintf(&b, "\n%s%s# %s = %s\n", wrap(k.doc), wrap(strings.TrimSpace(k.choices())), name, def)
	}
	b.WriteString("\n" + wrap("The watched folders, each with a [[folder]] of its own. A folder can have settings of its own: [folder.qa], [folder.preview] and [folder.watch] after its path take what [qa], [preview] and [watch] take.") +
		"#\n" + wrap(ignoreDoc))
	if len(folders) == 0 {
		b.WriteString("#\n# [[folder]]\n# path = \"/home/ada/QA_corpus\"\n# ignore = [\"drafts/**\"]\n# [folder.qa]\n# normalise = false\n")
		return b.Bytes(), nil
	}
	return appendFolders(b.Bytes(), folders)
}

// Reference returns the table of keys as Markdown, for the README.
func Reference() []byte {
	var b bytes.Buffer
	b.WriteString("| key | default | what it does | per folder | environment |\n|---|---|---|---|---|\n")
	cell := func(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
	for _, k := range keys() {
		def, per := "unset", ""
		if k.def != "" {
			def = "`" + k.def + "`"
		}
		if k.perFolder {
			per = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` |\n", k.name, def, cell(k.doc+k.choices()), per, k.env())
	}
	return b.Bytes()
}

// choices says what a key may be, where its description may leave it open.
func (k key) choices() string {
	switch {
	case k.allowed != nil:
		return " One of " + oneOf(k.allowed) + "."
	case k.max != 0:
		field := k.field(&Config{}, &Folder{})
		if k.max == maximum {
			return " At least " + bound(field, k.min) + "."
		}
		return " From " + bound(field, k.min) + " to " + bound(field, k.max) + "."
	}
	return ""
}

// bound writes a limit as a value of the field's kind.
func bound(field any, n int64) string {
	switch field.(type) {
	case size:
		return formatSize(n)
	case *int:
		return fmt.Sprint(n)
	}
	return shortDuration(time.Duration(n))
}

// wrap makes comment lines of at most 100 characters.
func wrap(text string) string {
	var b strings.Builder
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 100 {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	if line != "#" {
		b.WriteString(line + "\n")
	}
	return b.String()
}
