package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unique"
)

// Header is a preview's front matter.
type Header struct {
	Source      string
	SHA256      string
	Pages       int
	First, Last int // the previewed pages, 0 and 0 where there is no text
	Status      Status
	Title       string
	Author      string
	Format      int    // the layout's number, see [Format]
	MuPDF       string // the library's version

	checksum string
}

// What [Parse] can find instead of a preview that may be replaced. [ErrNewer] is
// only returned for one by a later version of qacorpus whose body nobody edited.
var (
	ErrForeign = errors.New("not written by qacorpus")
	ErrEdited  = errors.New("edited by a person")
	ErrNewer   = errors.New("written by a newer qacorpus")
)

const generatorPrefix = "qacorpus preview/"

// Parse reads the front matter of a whole preview and judges it. The error is
// nil only where every byte is as qacorpus wrote it; else it is one of
// [ErrForeign], [ErrEdited] and [ErrNewer], and the header holds what could be
// read.
func Parse(data []byte) (Header, error) {
	front, body, ok := split(data)
	if !ok {
		return Header{}, ErrForeign
	}
	h, ok := parseFront(front)
	if !ok {
		return h, ErrForeign
	}
	sum := sha256.Sum256([]byte(body))
	if h.checksum != hex.EncodeToString(sum[:]) {
		return h, ErrEdited
	}
	if h.Format > Format || h.Format == Format && newer(h.MuPDF, MuPDF) {
		return h, ErrNewer
	}
	if !bytes.Equal(h.render(), data[:len(data)-len(body)]) || !h.agrees(body) {
		return h, ErrEdited
	}
	return h, nil
}

// agrees reports whether the body says what the front matter says. The checksum
// covers only the body; a changed name, title, status or range of pages shows by
// what the body has of them.
func (h Header) agrees(body string) bool {
	rest, ok := strings.CutPrefix(body, heading(h.Source, h.Title))
	if !ok {
		return false
	}
	if h.Status != OK {
		return h.First == 0 && strings.HasPrefix(rest, "\n"+h.Status.Explain(h.Pages)+"\n")
	}
	first, last := pageHeadings(rest)
	return h.First == first && h.Last == last
}

// pageHeadings returns the numbers of the first and the last page that the body
// has a heading for; what looks like one in a page's text does not count.
func pageHeadings(body string) (first, last int) {
	fence := ""
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
		case strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
		case strings.HasPrefix(line, "## Page "):
			number, _, _ := strings.Cut(line[len("## Page "):], " ")
			last, _ = strconv.Atoi(number)
			if first == 0 {
				first = last
			}
		}
	}
	return first, last
}

// Supersedes reports whether a preview with header h should take the place of
// the intact preview with header old. Of the same PDF under the same name and by
// the same version only a better status or more pages do; a preview with more
// pages is never cut down.
func (h Header) Supersedes(old Header) bool {
	if h.SHA256 == "" {
		// What the file holds is unknown, so nothing that is known goes.
		return old.SHA256 == "" && (h.Status.rank() < old.Status.rank() || h.Source != old.Source)
	}
	if h.SHA256 != old.SHA256 {
		return true
	}
	if h.Status == OK && old.Status == OK && h.pageCount() < old.pageCount() {
		return false
	}
	if h.Format != old.Format || h.MuPDF != old.MuPDF {
		return true // an older one: a newer is not intact to Parse
	}
	if h.Status != old.Status {
		return h.Status.rank() < old.Status.rank()
	}
	return h.Source != old.Source || h.pageCount() > old.pageCount()
}

// pageCount returns how many pages the preview shows.
func (h Header) pageCount() int {
	if h.First == 0 {
		return 0
	}
	return h.Last - h.First + 1
}

// render writes the front matter with both its fences.
func (h Header) render() []byte {
	var b strings.Builder
	b.WriteString("---\n")
	field := func(key, value string) {
		b.WriteString(key + ":")
		if value != "" {
			b.WriteString(" " + value)
		}
		b.WriteByte('\n')
	}
	source := h.Source
	if !plain(source) {
		source = quote(source)
	}
	field("source", source)
	field("sha256", h.SHA256)
	field("pages", strconv.Itoa(h.Pages))
	if h.First > 0 {
		field("previewed", fmt.Sprintf("%d-%d", h.First, h.Last))
	} else {
		field("previewed", "")
	}
	field("status", string(h.Status))
	if h.Title != "" {
		field("title", quote(h.Title))
	}
	if h.Author != "" {
		field("author", quote(h.Author))
	}
	field("generator", fmt.Sprintf("%s%d mupdf-%s", generatorPrefix, h.Format, h.MuPDF))
	field("checksum", h.checksum)
	b.WriteString("---\n")
	return []byte(b.String())
}

// split parts data at the line that ends the front matter.
func split(data []byte) (front, body string, ok bool) {
	s, ok := strings.CutPrefix(string(data), "---\n")
	if !ok {
		return "", "", false
	}
	return strings.Cut(s, "\n---\n")
}

// parseFront reads the lines between the fences. ok is false where no generator
// line names qacorpus.
func parseFront(front string) (h Header, ok bool) {
	for line := range strings.SplitSeq(front, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch key {
		case "source":
			h.Source = unquote(value)
		case "sha256":
			h.SHA256 = value
		case "pages":
			h.Pages, _ = strconv.Atoi(value)
		case "previewed":
			if first, last, found := strings.Cut(value, "-"); found {
				h.First, _ = strconv.Atoi(first)
				h.Last, _ = strconv.Atoi(last)
			}
		case "status":
			h.Status = Status(unique.Make(value).Value()) // it may outlive the header by far, and must not keep the preview alive
		case "title":
			h.Title = unquote(value)
		case "author":
			h.Author = unquote(value)
		case "generator":
			rest, is := strings.CutPrefix(value, generatorPrefix)
			if !is {
				return h, false
			}
			format, mupdf, _ := strings.Cut(rest, " mupdf-")
			h.Format, _ = strconv.Atoi(format)
			h.MuPDF = mupdf
			ok = h.Format > 0
		case "checksum":
			h.checksum = value
		}
	}
	return h, ok
}

// newer reports whether version a, numbers joined by dots, is later than b.
func newer(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.Atoi(as[i])
		y, errY := strconv.Atoi(bs[i])
		if errX != nil || errY != nil || x != y {
			return errX == nil && errY == nil && x > y
		}
	}
	return len(as) > len(bs)
}
