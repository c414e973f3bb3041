// Values: what a literal from the file, the environment or a flag means to a
// key, and how a value is written back as TOML.

package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// size marks a field that holds a number of bytes.
type size struct{ n *int64 }

// literal is a value as somebody wrote it.
type literal struct {
	kind  string   // text, number, bool, list, or any: text from outside the file
	text  string   // for all but lists
	items []string // for lists
}

// outside reads the text of an environment variable or a flag: a list where it
// is written as a TOML array, else one plain word.
func outside(text string) (literal, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return literal{kind: "any", text: text, items: []string{text}}, nil
	}
	var list struct{ V []string }
	if err := toml.Unmarshal([]byte("V = "+text), &list); err != nil {
		return literal{}, fmt.Errorf(`is not a list of texts: write ["one", "two"]`)
	}
	return literal{kind: "list", items: list.V}, nil
}

// defaultValue reads the table's own TOML, which is a text, a list or a number.
func (k key) defaultValue() literal {
	if text, ok := strings.CutPrefix(k.def, `"`); ok {
		return literal{kind: "text", text: strings.TrimSuffix(text, `"`)}
	}
	if k.def == "[]" {
		return literal{kind: "list", items: []string{}}
	}
	return literal{kind: "number", text: k.def}
}

func (l literal) is(kind string) bool { return l.kind == kind || l.kind == "any" }

// set stores what l means in the key's field, or says in plain words what is
// wrong with it; the caller adds the key's name in front.
func (k key) set(field any, l literal) error {
	switch p := field.(type) {
	case *string:
		return k.setText(p, l)
	case *[]string:
		if !l.is("list") {
			return fmt.Errorf(`must be a list: write ["one", "two"]`)
		}
		*p = slices.Clone(l.items)
		return nil
	case **bool:
		return k.setBool(p, l)
	case *int:
		n, err := strconv.ParseInt(l.text, 0, 64)
		if !l.is("number") || err != nil {
			return fmt.Errorf("must be a whole number")
		}
		*p = int(n)
		return k.inRange(n, func(n int64) string { return strconv.FormatInt(n, 10) })
	case *time.Duration:
		d, err := time.ParseDuration(l.text)
		if !l.is("text") || err != nil {
			return fmt.Errorf(`must be a time such as "90s", "5m" or "1h30m"`)
		}
		*p = d
		return k.inRange(int64(d), func(n int64) string { return shortDuration(time.Duration(n)) })
	case size:
		n, err := parseSize(l.text)
		if l.kind == "list" || l.kind == "bool" || err != nil {
			return fmt.Errorf(`must be a size such as "512MiB" or "1GiB"`)
		}
		*p.n = n
		return k.inRange(n, formatSize)
	}
	panic("config: no rule for a field of key " + k.name)
}

func (k key) setText(p *string, l literal) error {
	if k.name == "qa.normalise" && l.is("bool") {
		switch l.text {
		case "true":
			l = literal{kind: "text", text: "when-safe"}
		case "false":
			l = literal{kind: "text", text: "never"}
		}
	}
	switch {
	case k.allowed != nil && (!l.is("text") || !slices.Contains(k.allowed, l.text)):
		return fmt.Errorf("must be %s", oneOf(k.allowed))
	case !l.is("text"):
		return fmt.Errorf(`must be a text: write "…"`)
	case strings.ContainsRune(l.text, 0):
		return fmt.Errorf("must not hold a zero byte")
	}
	*p = l.text
	return nil
}

func (k key) setBool(p **bool, l literal) error {
	if !l.is("bool") || l.text != "true" && l.text != "false" {
		return fmt.Errorf("must be true or false")
	}
	b := l.text == "true"
	*p = &b
	return nil
}

// inRange refuses a number outside the key's range. A key without a maximum
// has no range.
func (k key) inRange(n int64, show func(int64) string) error {
	if k.max != 0 && (n < k.min || n > k.max) {
		return fmt.Errorf("must be between %s and %s", show(k.min), show(k.max))
	}
	return nil
}

// units are the suffixes of a size, the longer before the shorter: the IEC's
// powers of 1024 (IEC 80000-13) and the SI's powers of 1000.
func units() []struct {
	suffix string
	factor float64
} {
	return []struct {
		suffix string
		factor float64
	}{
		{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
		{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1},
	}
}

// parseSize reads "512MiB", "1.5 GiB" or a bare number of bytes.
func parseSize(text string) (int64, error) {
	number, factor := text, 1.0
	for _, u := range units() {
		if n, ok := strings.CutSuffix(text, u.suffix); ok {
			number, factor = strings.TrimSpace(n), u.factor
			break
		}
	}
	if strings.Trim(number, "0123456789._") != "" {
		return 0, strconv.ErrSyntax
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(number, "_", ""), 64)
	if err != nil || n*factor >= math.MaxInt64 {
		return 0, strconv.ErrRange
	}
	return int64(n * factor), nil
}

// formatSize writes a size the shortest way that is exact.
func formatSize(n int64) string {
	for _, u := range units() {
		f := int64(u.factor)
		if n != 0 && n%f == 0 && strings.HasSuffix(u.suffix, "iB") {
			return strconv.FormatInt(n/f, 10) + u.suffix
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

// show writes a field's value as TOML; "" is a value that is not set.
func show(field any) string {
	switch p := field.(type) {
	case *string:
		return quote(*p)
	case *[]string:
		quoted := make([]string, len(*p))
		for i, s := range *p {
			quoted[i] = quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case **bool:
		if *p == nil {
			return ""
		}
		return strconv.FormatBool(**p)
	case *int:
		return strconv.Itoa(*p)
	case *time.Duration:
		return quote(shortDuration(*p))
	case size:
		return quote(formatSize(*p.n))
	}
	panic("config: no way to show a field")
}

// shortDuration drops the empty parts that Duration.String leaves: 5m0s is 5m.
func shortDuration(d time.Duration) string {
	s := d.String()
	if t, ok := strings.CutSuffix(s, "m0s"); ok {
		s = t + "m"
	}
	if t, ok := strings.CutSuffix(s, "h0m"); ok {
		s = t + "h"
	}
	return s
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// oneOf lists words for a message: "a", "b" or "c".
func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	last := len(quoted) - 1
	if last == 0 {
		return quoted[0]
	}
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
