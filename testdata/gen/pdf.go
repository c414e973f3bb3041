package main

// A document collects the objects of one PDF and writes them with a cross-reference table. The catalogue comes last, as
// pdfTeX writes it, so a copy that was cut short has no page tree.

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"
)

type document struct {
	fonts   map[string]*font
	used    map[string]map[int]string // role to glyph to the text that it stands for; filled by show
	refs    map[string]int            // role to the number of its font object, given at first use
	expand  bool                      // ToUnicode gives "fi" and not U+FB01
	missing map[rune]bool             // characters that no font has

	out     bytes.Buffer
	offsets map[int]int    // object number to offset
	last    int            // last number given
	crypt   *encryption    // nil: not encrypted
	packs   bool           // objects lie in object streams and the cross-reference table is one, as since PDF 1.5
	held    []held         // objects for the next object stream
	inside  map[int][2]int // object number to its object stream and its place there

	info    [][2]string // keys and text values of the Info dictionary, in order
	pages   []int       // numbers of the page objects
	root    int         // number of the page tree
	common  int         // number of the resources that all pages of text share
	outline []bookmark
	labels  string // body of the page labels' number tree
}

// bookmark is one entry of the outline; pages count from 0.
type bookmark struct {
	level, page, y int
	title          string
}

func newDocument(fonts map[string]*font) *document {
	d := &document{fonts: fonts, used: make(map[string]map[int]string), refs: make(map[string]int),
		missing: make(map[rune]bool), offsets: make(map[int]int), inside: make(map[int][2]int)}
	d.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	d.root, d.common = d.reserve(), d.reserve()
	return d
}

func (d *document) reserve() int { d.last++; return d.last }

// object writes an object, or keeps it for an object stream.
func (d *document) object(num int, body string) {
	if d.packs {
		d.held = append(d.held, held{num, body})
		return
	}
	d.offsets[num] = d.out.Len()
	fmt.Fprintf(&d.out, "%d 0 obj\n%s\nendobj\n", num, body)
}

// stream writes data as it is; dict holds the entries besides Length.
func (d *document) stream(num int, dict string, data []byte) {
	if d.crypt != nil {
		data = d.crypt.seal(num, data)
	}
	d.offsets[num] = d.out.Len()
	fmt.Fprintf(&d.out, "%d 0 obj\n<< %s /Length %d >>\nstream\n", num, dict, len(data))
	d.out.Write(data)
	d.out.WriteString("\nendstream\nendobj\n")
}

func (d *document) packed(num int, dict string, data []byte) {
	d.stream(num, strings.TrimSpace(dict+" /Filter /FlateDecode"), zlibPack(data))
}

// text is a text string: plain where ASCII, else UTF-16 with its mark.
func (d *document) text(num int, s string) string {
	raw := []byte(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) {
		raw = []byte{0xfe, 0xff}
		for _, u := range utf16.Encode([]rune(s)) {
			raw = append(raw, byte(u>>8), byte(u))
		}
	}
	if d.crypt != nil {
		raw = d.crypt.seal(num, raw)
	}
	return fmt.Sprintf("<%X>", raw)
}

// fontRef is the resource name of a font, which is made an object when the document is finished.
func (d *document) fontRef(role string) string {
	if d.refs[role] == 0 {
		d.refs[role] = d.reserve()
		d.used[role] = make(map[int]string)
	}
	return "F" + role
}

// glyph finds a character in a font and notes that it is used.
func (d *document) glyph(role string, r rune) int {
	d.fontRef(role)
	g, ok := d.fonts[role].glyphs[r]
	if !ok {
		d.missing[r] = true
		return 0
	}
	text := string(r)
	if long, ok := ligatures[r]; ok && d.expand {
		text = long
	}
	d.used[role][g] = text
	return g
}

func (d *document) resources() string {
	roles := make([]string, 0, len(d.refs))
	for role := range d.refs {
		roles = append(roles, role)
	}
	sort.Strings(roles)
	var b strings.Builder
	b.WriteString("<< /Font <<")
	for _, role := range roles {
		fmt.Fprintf(&b, " /F%s %d 0 R", role, d.refs[role])
	}
	b.WriteString(" >> >>")
	return b.String()
}

// page adds a page; empty resources mean the document's fonts; extra holds further entries of its dictionary.
func (d *document) page(width, height int, resources, extra string, content []byte) {
	if resources == "" {
		resources = fmt.Sprintf("%d 0 R", d.common)
	}
	body, num := d.reserve(), d.reserve()
	d.packed(body, "", content)
	d.object(num, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /Resources %s%s >>",
		d.root, pt(width), pt(height), body, resources, extra))
	d.pages = append(d.pages, num)
}

// finish writes what is left and returns the file.
func (d *document) finish() ([]byte, error) {
	if len(d.missing) > 0 {
		return nil, fmt.Errorf("fonts lack the characters %s", missingText(d.missing))
	}
	d.fontObjects()
	d.object(d.common, d.resources())
	kids := make([]string, len(d.pages))
	for i, num := range d.pages {
		kids[i] = fmt.Sprintf("%d 0 R", num)
	}
	d.object(d.root, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " ")))
	extra := d.outlineObjects()
	if d.labels != "" {
		extra += " /PageLabels << /Nums [" + d.labels + "] >>"
	}
	info, catalog := d.reserve(), d.reserve()
	var fields strings.Builder
	for _, field := range d.info {
		fmt.Fprintf(&fields, " /%s %s", field[0], d.text(info, field[1]))
	}
	d.object(info, "<<"+fields.String()+" >>")
	d.object(catalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R%s >>", d.root, extra))
	sum := sha256.Sum256(d.out.Bytes())
	id := fmt.Sprintf("%X", sum[:16])
	trailer := ""
	if d.crypt != nil {
		num := d.reserve()
		d.object(num, d.crypt.dict())
		trailer = fmt.Sprintf(" /Encrypt %d 0 R", num)
		id = fmt.Sprintf("%X", d.crypt.id)
	}
	entries := fmt.Sprintf("/Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]%s", catalog, info, id, id, trailer)
	if d.packs {
		d.packObjects()
		d.crossReferences(entries)
		return d.out.Bytes(), nil
	}
	start := d.out.Len()
	fmt.Fprintf(&d.out, "xref\n0 %d\n0000000000 65535 f \n", d.last+1)
	for num := 1; num <= d.last; num++ {
		fmt.Fprintf(&d.out, "%010d 00000 n \n", d.offsets[num])
	}
	fmt.Fprintf(&d.out, "trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n", d.last+1, entries, start)
	return d.out.Bytes(), nil
}

// outlineObjects links the bookmarks as a tree and returns the catalogue's entry.
func (d *document) outlineObjects() string {
	if len(d.outline) == 0 {
		return ""
	}
	root := d.reserve()
	nums := make([]int, len(d.outline))
	for i := range nums {
		nums[i] = d.reserve()
	}
	children := make(map[int][]int) // index of the parent, -1 for the root, to indices
	parent := make([]int, len(nums))
	for i, b := range d.outline {
		p := i - 1
		for p >= 0 && d.outline[p].level >= b.level {
			p--
		}
		parent[i] = p
		children[p] = append(children[p], i)
	}
	ref := func(i int) int {
		if i < 0 {
			return root
		}
		return nums[i]
	}
	for i, b := range d.outline {
		body := fmt.Sprintf("<< /Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ 0 %s null]", d.text(nums[i], b.title), ref(parent[i]), d.pages[b.page], pt(b.y))
		siblings := children[parent[i]]
		for at, s := range siblings {
			if s == i && at > 0 {
				body += fmt.Sprintf(" /Prev %d 0 R", nums[siblings[at-1]])
			}
			if s == i && at+1 < len(siblings) {
				body += fmt.Sprintf(" /Next %d 0 R", nums[siblings[at+1]])
			}
		}
		if kids := children[i]; len(kids) > 0 {
			body += fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", nums[kids[0]], nums[kids[len(kids)-1]], len(kids))
		}
		d.object(nums[i], body+" >>")
	}
	top := children[-1]
	d.object(root, fmt.Sprintf("<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>", nums[top[0]], nums[top[len(top)-1]], len(nums)))
	return fmt.Sprintf(" /Outlines %d 0 R /PageMode /UseOutlines", root)
}

func missingText(missing map[rune]bool) string {
	var all []string
	for r := range missing {
		all = append(all, fmt.Sprintf("%c U+%04X", r, r))
	}
	sort.Strings(all)
	return strings.Join(all, ", ")
}

// pt writes thousandths of a point as points.
func pt(v int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	if v%1000 == 0 {
		return fmt.Sprintf("%s%d", sign, v/1000)
	}
	return strings.TrimRight(fmt.Sprintf("%s%d.%03d", sign, v/1000, v%1000), "0")
}
