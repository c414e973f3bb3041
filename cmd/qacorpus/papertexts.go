package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/corpus/texts"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
)

// textsLimit bounds what kept texts take on the disk, in bytes: those of some
// 40,000 papers. Older ones are read again when they are needed.
const textsLimit = 1 << 30

// paperTexts reads the text of all pages of PDFs, from the state folder where
// that has it.
type paperTexts struct {
	config *config.Config
	pool   *extract.Pool
	kept   *texts.Store

	readOnly bool // whether nothing is to be kept
}

func newPaperTexts(c *config.Config, pool *extract.Pool) *paperTexts {
	return &paperTexts{config: c, pool: pool, kept: keptTexts(c)}
}

// keptTexts is the store of texts for a configuration. Recognised text is kept
// apart from text that the PDFs hold.
func keptTexts(c *config.Config) *texts.Store {
	reader := "mupdf-" + preview.MuPDF
	if c.Extract.OCR == "auto" {
		reader += "-ocr"
	}
	return texts.New(filepath.Join(c.State, "texts"), reader, textsLimit)
}

// errChanging says that a PDF changed while it was read.
var errChanging = errors.New("file changed while it was read")

// Pages returns the text of all pages of the PDF at path, nil where there is
// none to be had.
func (t *paperTexts) Pages(ctx context.Context, path string) ([]string, error) {
	f, before, err := t.open(path)
	if err != nil {
		return nil, fmt.Errorf("read paper: %w", err)
	}
	if f == nil {
		return nil, nil
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("read paper: %w", err)
	}
	sha := [32]byte(h.Sum(nil))
	if pages, ok := t.kept.Get(sha); ok {
		return pages, nil
	}
	folder, _ := t.config.FolderOf(path)
	doc, err := t.pool.Extract(ctx, f, extract.Request{First: 1, Last: -1, Passwords: folder.Preview.Passwords})
	if err != nil {
		return nil, err
	}
	after, err := f.Stat()
	if err != nil || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		return nil, fmt.Errorf("read paper %q: %w", path, errChanging)
	}
	if s := preview.Status(doc.Status); !t.readOnly && (s == preview.OK || s == preview.NoText) {
		// What is not kept is read again; nobody needs to know.
		_ = t.kept.Put(sha, doc.Texts)
	}
	return doc.Texts, nil
}

// open opens a PDF, or returns nil for one that is not to be read: too large, kept
// online only by a cloud client, or no regular file (a pipe would hang the reader).
func (t *paperTexts) open(path string) (*os.File, os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	folder, _ := t.config.FolderOf(path)
	most := t.config.Extract.MaxSize
	if !info.Mode().IsRegular() || most > 0 && info.Size() > most || folder.Watch.OnlineOnly != "fetch" && keptOnline(path) {
		return nil, nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// keptOnline tells whether the preview beside the PDF says that its content is
// kept online only.
func keptOnline(path string) bool {
	p := paper{path: path}
	p.readHeader()
	return p.header.Status == preview.OnlineOnly
}

// head gives a PDF's title and the text of its first page: from its preview or,
// where there is none, from the PDF.
func (t *paperTexts) head(ctx context.Context, path string) (title, first string) {
	if title, first, ok := previewHead(path); ok {
		return title, first
	}
	f, _, err := t.open(path)
	if err != nil || f == nil {
		return "", ""
	}
	defer f.Close()
	folder, _ := t.config.FolderOf(path)
	doc, err := t.pool.Extract(ctx, f, extract.Request{First: 1, Last: 1, Passwords: folder.Preview.Passwords})
	if err != nil || len(doc.Texts) == 0 {
		return doc.Title, ""
	}
	return doc.Title, doc.Texts[0]
}

// previewHead reads title and first page from the preview beside the PDF; ok is
// false where there is none, or none for the PDF as it is.
func previewHead(path string) (title, first string, ok bool) {
	side := filepath.Join(filepath.Dir(path), name.Sidecar(filepath.Base(path)))
	data, _, err := safefile.Read(side, maxPreview)
	if err != nil {
		return "", "", false
	}
	h, err := preview.Parse(data)
	if errors.Is(err, preview.ErrForeign) || !newerThan(side, path) {
		return "", "", false
	}
	_, rest, found := strings.Cut(string(data), "\n## Page 1")
	if !found {
		return h.Title, "", true
	}
	_, rest, _ = strings.Cut(rest, "\n\n")
	fence, rest, _ := strings.Cut(rest, "text\n")
	first, _, _ = strings.Cut(rest, "\n"+fence+"\n")
	return h.Title, first, true
}

// newerThan tells whether the file at side was written after the one at path.
func newerThan(side, path string) bool {
	a, errA := os.Stat(side)
	b, errB := os.Stat(path)
	return errA == nil && errB == nil && !a.ModTime().Before(b.ModTime())
}

// cachedTexts gives the texts that the state folder has, and reads no PDF: it
// takes a PDF's SHA-256 from its preview.
type cachedTexts struct {
	kept *texts.Store
	sha  map[string]string // by path, in hex; not written once in use
}

func (t cachedTexts) Pages(_ context.Context, path string) ([]string, error) {
	var sha [32]byte
	if n, err := hex.Decode(sha[:], []byte(t.sha[path])); err != nil || n != len(sha) {
		return nil, nil
	}
	pages, _ := t.kept.Get(sha)
	return pages, nil
}
