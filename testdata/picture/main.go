// Command picture makes the README's picture of a preview: Markdown to HTML to a screenshot by a headless Chromium.
//
//	apt-get install -y chromium
//	go run -C testdata/picture .                             # AdaRank.preview.md to preview.png
//	go run -C testdata/picture . -in FILE.preview.md -out picture.png
//
// It is a module of its own, so that qacorpus does not carry a Markdown renderer.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/yuin/goldmark"
)

//go:embed page.html
var pageText string

// page is what page.html shows.
type page struct {
	Name   string
	Front  string // the front matter, without its lines of dashes
	Body   template.HTML
	Height int
}

func main() {
	in := flag.String("in", filepath.Join("..", "QA_corpus", "AdaRank.preview.md"), "preview to show")
	out := flag.String("out", "preview.png", "picture to write")
	browser := flag.String("chromium", "chromium", "browser to take the picture with")
	height := flag.Int("height", 1000, "height of the picture; the preview is faded out at its end")
	flag.Parse()
	if err := run(*in, *out, *browser, *height); err != nil {
		fmt.Fprintln(os.Stderr, "picture: error:", err)
		os.Exit(1)
	}
}

func run(in, out, browser string, height int) error {
	source, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	html, err := render(filepath.Base(in), string(source), height)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "qacorpus-picture-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	file := filepath.Join(work, "preview.html")
	if err := os.WriteFile(file, html, 0o600); err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(work, "profile"), fmt.Sprintf("--window-size=900,%d", height),
		"--screenshot="+out, "file://"+file)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("run %s: %w\n%s", browser, err, text)
	}
	return nil
}

// render makes the page. Readers of Markdown show front matter as a small block or not at all; here it is a block.
func render(name, source string, height int) ([]byte, error) {
	p := page{Name: name, Height: height}
	if rest, ok := strings.CutPrefix(source, "---\n"); ok {
		if front, body, ok := strings.Cut(rest, "\n---\n"); ok {
			p.Front, source = front, body
		}
	}
	var body bytes.Buffer
	if err := goldmark.Convert([]byte(source), &body); err != nil {
		return nil, err
	}
	p.Body = template.HTML(body.String())
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, p)
	return out.Bytes(), err
}
