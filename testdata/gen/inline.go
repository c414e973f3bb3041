package main

// Words: the mark-up inside a paragraph becomes boxes of glyphs that never break, save where a word may be hyphenated.

import (
	"strings"
	"unicode"
)

// chunk is text in one font and size, placed from its box's left end and base line.
type chunk struct {
	role         string
	size, dx, dy int
	text         string // what is shown, ligatures and all
	width        int
}

// rule is a filled rectangle, for fractions and roots.
type rule struct{ dx, dy, w, h int }

type box struct {
	chunks []chunk
	rules  []rule
	width  int
	glue   bool   // a space follows
	plain  string // the letters, where the box is one word in one font that may be hyphenated
}

// append puts another box to the right, raised by dy.
func (b *box) append(o box, gap, dy int) {
	for _, c := range o.chunks {
		c.dx += b.width + gap
		c.dy += dy
		b.chunks = append(b.chunks, c)
	}
	for _, r := range o.rules {
		r.dx += b.width + gap
		r.dy += dy
		b.rules = append(b.rules, r)
	}
	b.width += gap + o.width
}

var ligate = strings.NewReplacer("ffi", "ﬃ", "ffl", "ﬄ", "ff", "ﬀ", "fi", "ﬁ", "fl", "ﬂ")

// shape sets text in a role's font, with ligatures where the font has them, and other fonts for what it lacks.
func (d *document) shape(role string, size int, text string) box {
	if role == "roman" || role == "bold" || role == "italic" {
		text = ligate.Replace(text)
	}
	var b box
	for _, r := range text {
		use, s := d.fallback(role, size, r)
		w := d.fonts[use].width(d.glyph(use, r), s)
		if n := len(b.chunks); n > 0 && b.chunks[n-1].role == use {
			b.chunks[n-1].text += string(r)
			b.chunks[n-1].width += w
		} else {
			b.chunks = append(b.chunks, chunk{role: use, size: s, dx: b.width, text: string(r), width: w})
		}
		b.width += w
	}
	return b
}

// fallback finds the font for a character; DejaVu's letters are larger and are set smaller.
func (d *document) fallback(role string, size int, r rune) (string, int) {
	for _, use := range []string{role, "cyr", "cjk", "math"} {
		if _, ok := d.fonts[use].glyphs[r]; ok {
			if use == "cyr" {
				size = size * 84 / 100
			}
			return use, size
		}
	}
	return role, size
}

// words reads inline mark-up: *italic*, **bold**, `mono`, $mathematics$.
func (d *document) words(text, role string, size int) []box {
	var out []box
	var cur box
	var run strings.Builder
	style := role
	flush := func() {
		if run.Len() > 0 {
			b := d.shape(style, size, run.String())
			if len(cur.chunks) == 0 && style != "mono" {
				cur.plain = run.String()
			} else {
				cur.plain = ""
			}
			cur.append(b, 0, 0)
			run.Reset()
		}
	}
	end := func(glue bool) {
		flush()
		if len(cur.chunks) > 0 {
			cur.glue = glue
			out = append(out, cur)
		}
		cur = box{}
	}
	toggle := func(to string) {
		flush()
		if style == to {
			style = role
		} else {
			style = to
		}
	}
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case style == "mono" && r != '`' && r != ' ':
			run.WriteRune(r)
		case r == '*' && i+1 < len(runes) && runes[i+1] == '*':
			toggle("bold")
			i++
		case r == '*':
			toggle("italic")
		case r == '`':
			toggle("mono")
		case r == '$':
			flush()
			n := strings.IndexRune(string(runes[i+1:]), '$')
			formula := string(runes[i+1:])[:n]
			cur.append(d.formula(formula, size, false), 0, 0)
			cur.plain = ""
			i += len([]rune(formula)) + 1
		case r == ' ' || r == '\n':
			end(true)
		case unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x3002 || r >= 0xff00 && r <= 0xffef:
			// A line may end after any Han character, and before none of their stops.
			if !unicode.Is(unicode.Han, r) && len(out) > 0 && run.Len() == 0 && len(cur.chunks) == 0 {
				out[len(out)-1].append(d.shape(style, size, string(r)), 0, 0)
				continue
			}
			flush()
			run.WriteRune(r)
			end(i+1 < len(runes) && (runes[i+1] == ' ' || runes[i+1] == '\n'))
		default:
			run.WriteRune(r)
		}
	}
	end(false)
	return out
}

// hyphenPoints are words of the papers and where they may be broken; other words break before a few endings only.
var hyphenPoints = strings.Fields(`adap-ter adap-ters pa-ram-e-ter pa-ram-e-ters adap-ta-tion ma-trix ma-tri-ces gra-di-ent gra-di-ents eval-u-a-tion
	rep-re-sen-ta-tion quan-ti-sa-tion quan-tised op-ti-mi-ser learn-ing train-ing fine-tun-ing pre-train-ing eval-u-ate com-pute com-put-ing
	dif-fer-ence dif-fer-ent dif-fi-cult ef-fi-cient ef-fi-ciency suf-fi-cient in-suf-fi-cient of-fice af-fine ef-fect ef-fects co-ef-fi-cient co-ef-fi-cients
	bud-get bud-gets spec-tral sin-gu-lar val-ues reg-u-lar-i-sa-tion trans-former at-ten-tion lan-guage lan-guages mod-els layer lay-ers
	mem-ory sep-a-rate sep-a-rately ex-per-i-ment ex-per-i-ments per-cent-age num-ber num-bers re-sult re-sults im-por-tance sched-ule al-lo-ca-tion
	con-ver-gence as-sump-tion as-sump-tions there-fore how-ever with-out be-tween sev-eral ques-tion ques-tions an-swer an-swers read-ers re-search-ers
	prac-tice pro-jec-tion pro-jec-tions ini-tial ini-tialised ran-dom ran-domly mea-sure mea-sured in-ter-val ac-cu-racy per-for-mance con-fig-u-ra-tion
	doc-u-ment doc-u-ments de-ploy-ment re-quire re-quires ap-prox-i-ma-tion sum-marise sum-mary sta-tis-tics sci-en-tific clas-si-fi-ca-tion
	ver-i-fi-ca-tion work-flow work-flows final-ly com-par-i-son con-di-tion con-di-tions con-stant dis-tri-bu-tion gen-er-a-tion op-ti-mi-sa-tion
	de-crease in-crease in-creases learned se-lected weight-ed hard-ware over-head through-put ob-served pro-posed tech-nique pub-lished`)

var hyphenSuffixes = []string{"tions", "tion", "sions", "sion", "ments", "ment", "ness", "tive", "ture", "tures", "ing"}

// hyphens lists the byte offsets at which a word may end a line. A compound breaks after its own hyphens only.
func hyphens(word string) []int {
	if strings.Contains(word, "-") {
		var at []int
		for i := 2; i < len(word)-2; i++ {
			if word[i-1] == '-' {
				at = append(at, i)
			}
		}
		return at
	}
	low := strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
	start := strings.Index(strings.ToLower(word), low)
	for _, w := range hyphenPoints {
		if strings.ReplaceAll(w, "-", "") != low {
			continue
		}
		var at []int
		pos := start
		for _, part := range strings.Split(w, "-") {
			pos += len(part)
			at = append(at, pos)
		}
		return at[:len(at)-1]
	}
	for _, s := range hyphenSuffixes {
		if strings.HasSuffix(low, s) && len(low)-len(s) >= 4 && isASCII(low) {
			return []int{start + len(low) - len(s)}
		}
	}
	return nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 126 })
}
