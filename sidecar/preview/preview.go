// Package preview renders the Markdown file that stands beside a PDF, and tells
// of an existing one whose it is. It is pure: bytes in, bytes out.
//
// # Design notes
//
// A preview is the same on every machine for the same PDF, options and version:
// no time, host or absolute path goes in, and nothing that depends on the
// folder's other files. Two machines that share a synced folder then write the
// same bytes or nothing, and never make each other's work a conflict.
//
// The front matter is written in one form only, so that [Parse] can render what
// it has read again and see whether a person changed anything. What stands
// after the front matter is covered by the checksum.
package preview

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Format is the number of the layout that this package writes, as in
// "preview/1". It grows whenever the same text would be laid out otherwise.
const Format = 1

// MuPDF is the version of the library whose text the previews hold.
const MuPDF = "1.28.0"

// Preview is all that a preview says.
type Preview struct {
	Source string // the PDF's file name, any bytes
	SHA256 string // of the PDF, 64 hex digits; "" where it could not be read
	Pages  int    // of the whole document; 0 where unknown
	First  int    // first page previewed, from 1; 0 where there is no text
	Status Status
	Title  string // from the metadata; may be ""
	Author string

	Texts   []string // one for each page from First on
	Labels  []string // the numbers printed on these pages, "" where unlabelled; may be shorter than Texts
	Outline []Entry
	OCR     bool // the text was recognised in pictures of the pages
}

// Entry is one line of the document's outline.
type Entry struct {
	Level int // 0 for the top
	Title string
	Page  int // from 1; 0 where it leads to no page
}

// Render returns the preview's bytes: UTF-8 with LF line ends.
func Render(p Preview) []byte {
	h := Header{
		Source: p.Source, SHA256: p.SHA256, Pages: p.Pages, Status: p.Status,
		Title: oneLine(p.Title), Author: oneLine(p.Author), Format: Format, MuPDF: MuPDF,
	}
	if p.Status == OK {
		h.First, h.Last = p.First, p.First+len(p.Texts)-1
	}
	return seal(h, body(p))
}

// WithSource returns the intact preview data as it reads beside a PDF of the
// same bytes named source. It equals what [Render] gives for that name.
func WithSource(data []byte, source string) ([]byte, error) {
	h, err := Parse(data)
	if err != nil {
		return nil, err
	}
	_, body, _ := split(data)
	if h.Title == "" {
		if rest, ok := strings.CutPrefix(body, heading(h.Source, "")); ok {
			body = heading(source, "") + rest
		}
	}
	h.Source = source
	return seal(h, body), nil
}

// seal puts the front matter, checksum included, before the body.
func seal(h Header, body string) []byte {
	sum := sha256.Sum256([]byte(body))
	h.checksum = hex.EncodeToString(sum[:])
	return append(h.render(), body...)
}

// heading returns the body's first lines.
func heading(source, title string) string {
	if title == "" {
		title = visible(source)
	}
	return "\n# " + inline(title) + "\n"
}

func body(p Preview) string {
	var b strings.Builder
	b.WriteString(heading(p.Source, oneLine(p.Title)))
	if p.Status != OK {
		b.WriteString("\n" + p.Status.Explain(p.Pages) + "\n")
		contents(&b, p.Outline)
		return b.String()
	}
	if p.OCR {
		b.WriteString("\nThe pages of this PDF are pictures; the text below was recognised in them and may hold mistakes.\n")
	}
	contents(&b, p.Outline)
	for i, text := range p.Texts {
		n := p.First + i
		fmt.Fprintf(&b, "\n## Page %d", n)
		if i < len(p.Labels) {
			if label := oneLine(p.Labels[i]); label != "" && label != fmt.Sprint(n) {
				fmt.Fprintf(&b, " (%s)", inline(label))
			}
		}
		b.WriteString("\n\n")
		page(&b, text)
	}
	return b.String()
}

// page writes one page's text in a fence that no run of backticks in it closes.
func page(b *strings.Builder, text string) {
	text = strings.TrimSpace(clean(text))
	if text == "" {
		b.WriteString("*No text on this page.*\n")
		return
	}
	b.WriteString(Fence(text))
}

// contents writes the outline as a nested list.
func contents(b *strings.Builder, outline []Entry) {
	if len(outline) == 0 {
		return
	}
	b.WriteString("\n## Contents\n\n")
	depth := -1
	for _, e := range outline {
		// A list item can be one level deeper than its parent, not more.
		depth = min(max(e.Level, 0), depth+1, maxDepth)
		title := oneLine(e.Title)
		if title == "" {
			title = "(untitled)"
		}
		b.WriteString(strings.Repeat("  ", depth) + "- " + inline(title))
		if e.Page > 0 {
			fmt.Fprintf(b, " … %d", e.Page)
		}
		b.WriteByte('\n')
	}
}

// maxDepth bounds how deep the table of contents is nested; what lies deeper is
// listed at this depth.
const maxDepth = 8
