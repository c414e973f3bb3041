package tree

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
)

// habitKind is a way of writing that is wrong in the same way all over a
// file; it is reported once, with the number of places.
type habitKind uint8

const (
	habitControl habitKind = iota
	habitBreak
	habitSingle
	habitSmart
	habitBareKey
	habitPython
	habitHash
	habitSpace
	habitRowComma
)

// habit is where a habit was first seen and how often after that.
type habit struct {
	kind  habitKind
	index int // of its problem in the tree's
	more  int
}

// report adds a problem about the innermost container.
func (p *parser) report(c problem.Code, offset int, message, hint string) {
	if !p.muted(offset) {
		p.add(c, offset, p.pointer(false), message, hint)
	}
}

// reportValue adds a problem about the member or element being read.
func (p *parser) reportValue(c problem.Code, offset int, message, hint string) {
	if !p.muted(offset) {
		p.add(c, offset, p.pointer(true), message, hint)
	}
}

// reportIn adds a problem inside the string that began at start. Of one
// string and one code only the first is listed, with the number of others.
func (p *parser) reportIn(c problem.Code, offset, start int, key bool, message, hint string) {
	if n := len(p.t.Problems); n > 0 {
		if last := &p.t.Problems[n-1]; last.Code == c && last.Offset > start {
			p.habits = bump(p.habits, n-1)
			return
		}
	}
	if !p.muted(offset) {
		p.add(c, offset, p.pointer(!key), message, hint)
	}
}

// bump counts one more of the problem with that index.
func bump(habits []habit, index int) []habit {
	for i := range habits {
		if habits[i].index == index {
			habits[i].more++
			return habits
		}
	}
	return append(habits, habit{kind: 255, index: index, more: 1})
}

// habit reports a habit where it is first seen.
func (p *parser) habit(kind habitKind, offset int, c problem.Code, message, hint string) {
	if offset < p.quiet {
		return
	}
	for i := range p.habits {
		if p.habits[i].kind == kind {
			p.habits[i].more++
			p.damage()
			return
		}
	}
	if n := len(p.t.Problems); p.add(c, offset, p.pointer(true), message, hint) {
		p.habits = append(p.habits, habit{kind: kind, index: n})
	}
}

// counts writes the numbers of further places into the messages.
func (p *parser) counts() {
	for _, h := range p.habits {
		if h.more > 0 && h.index < len(p.t.Problems) {
			p.t.Problems[h.index].Message += " (and at " + plural(h.more, "more place") + ")"
		}
	}
}

// muted says that a problem there is not to be recorded: the place cannot be
// trusted, or there are too many already. It counts as damage all the same.
func (p *parser) muted(offset int) bool {
	p.damage()
	if offset < p.quiet {
		return true
	}
	if len(p.t.Problems) >= maxProblems {
		p.left++
		return true
	}
	return false
}

// add records a problem, unless it is muted.
func (p *parser) add(c problem.Code, offset int, pointer, message, hint string) bool {
	if p.muted(offset) {
		return false
	}
	pr := problem.New(c, message, hint)
	pr.Offset, pr.Pointer = offset, pointer
	p.t.Problems = append(p.t.Problems, pr)
	return true
}

// damage marks everything that is open.
func (p *parser) damage() {
	for _, f := range p.stack {
		p.t.nodes[f.node].flags |= flagDamaged
	}
	if n := len(p.t.nodes); n > 0 {
		p.t.nodes[n-1].flags |= flagDamaged
	}
}

// pointer is the JSON Pointer of the innermost container, or of the member
// or element of it that is being read.
func (p *parser) pointer(value bool) string {
	frames := p.stack
	var b strings.Builder
	for i, f := range frames {
		if i == len(frames)-1 && !value {
			break
		}
		b.WriteByte('/')
		if p.t.nodes[f.node].kind == kindArray {
			b.WriteString(strconv.Itoa(max(0, f.count-1)))
			continue
		}
		if int(f.key) < len(p.t.nodes) && f.key != 0 {
			escapeToken(&b, p.t.Text(f.key))
		}
	}
	return clipPointer(b.String())
}

// clipPointer bounds a pointer: keys may be as long as the file.
func clipPointer(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	i := most
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return s[:i] + "…"
}

// escapeToken writes a reference token of a JSON Pointer.
func escapeToken(b *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '~':
			b.WriteString("~0")
		case '/':
			b.WriteString("~1")
		default:
			b.WriteByte(s[i])
		}
	}
}

// where names a place in words, for messages about a second place. It counts
// from the start of the text, so a file with hundreds of mistakes, all on one
// endless line, gets no more than it can be given in good time.
func (p *parser) where(offset int) string {
	const most = 256 << 20 // bytes counted over in one file
	if p.counted += offset; p.counted > most {
		return "an earlier place"
	}
	line := strings.Count(p.s[:offset], "\n") + 1
	start := strings.LastIndexByte(p.s[:offset], '\n') + 1
	return fmt.Sprintf("line %d, column %d", line, utf8.RuneCountInString(p.s[start:offset])+1)
}

// clip shortens what is quoted in a message and keeps control characters out.
func clip(s string) string {
	const most = 40
	n := 0
	for i, r := range s {
		if n++; n > most || r < ' ' || r == 0x7f {
			return s[:i] + "…"
		}
	}
	return s
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func controlName(c byte) string {
	switch c {
	case '\t':
		return "a tab"
	case 0:
		return "a NUL character"
	}
	return fmt.Sprintf("the control character U+%04X", c)
}

func controlEscape(c byte) string {
	if c == '\t' {
		return `\t`
	}
	return fmt.Sprintf(`\u%04x, or remove it`, c)
}
