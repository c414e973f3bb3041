package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// ocrWidth is how wide a page is drawn for tesseract, in pixels: 300 dots per
// inch on A4 and letter paper, as its manual advises
// (https://tesseract-ocr.github.io/tessdoc/ImproveQuality.html).
const ocrWidth = 2500

// recogniser reads pages without text by tesseract.
type recogniser struct {
	program string
	// tokens holds one entry per recognition that may run; who takes one gives
	// it back, and Close takes them all.
	tokens chan struct{}
}

// newRecogniser is nil where OCR is off or there is no tesseract.
func newRecogniser(o Options) *recogniser {
	if o.OCR != "auto" {
		return nil
	}
	program, err := exec.LookPath("tesseract")
	if err != nil {
		o.Log.Info("pages without text are not recognised: tesseract is not installed")
		return nil
	}
	r := &recogniser{program: program, tokens: make(chan struct{}, o.Workers)}
	for range o.Workers {
		r.tokens <- struct{}{}
	}
	return r
}

// close waits for the recognitions that run; the pool's end has killed them.
func (r *recogniser) close() {
	if r != nil {
		for range cap(r.tokens) {
			<-r.tokens
		}
	}
}

// recognise reads the pages of d, which have no text, off their pictures. All
// pages together have one document's time; what cannot be read stays as it is
// and is told in Detail.
func (p *Pool) recognise(ctx context.Context, f *os.File, passwords []string, d Document) (Document, error) {
	select {
	case <-p.ocr.tokens:
		defer func() { p.ocr.tokens <- struct{}{} }()
	case <-p.ctx.Done():
		return d, errClosed
	case <-ctx.Done():
		return d, ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	stop := context.AfterFunc(p.ctx, cancel)
	defer stop()
	texts := make([]string, len(d.Texts))
	for i := range texts {
		text, err := p.recognisePage(limited, f, d.First+i, passwords)
		switch {
		case ctx.Err() != nil:
			return d, ctx.Err()
		case p.ctx.Err() != nil:
			return d, errClosed
		case limited.Err() != nil:
			d.Detail = note(d.Detail, fmt.Sprintf("recognition ended before page %d: not done within %v", d.First+i, p.opts.Timeout))
		case err != nil:
			d.Detail = note(d.Detail, fmt.Sprintf("page %d is not recognised: %v", d.First+i, err))
		}
		if limited.Err() != nil {
			break
		}
		texts[i] = text
	}
	if strings.TrimSpace(strings.Join(texts, "")) != "" {
		d.Texts, d.Status, d.Recognised = texts, statusOK, true
	}
	return d, nil
}

func note(detail, more string) string {
	if detail == "" {
		return more
	}
	return detail + "; " + more
}

func (p *Pool) recognisePage(ctx context.Context, f *os.File, page int, passwords []string) (string, error) {
	picture, err := p.render(ctx, f, page, picture{width: ocrWidth, grey: true}, passwords)
	if err != nil {
		return "", err
	}
	cmd, err := p.tesseract(ctx)
	if err != nil {
		return "", err
	}
	out, said := &limitedBuffer{max: maxRecognised}, &tail{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(picture), out, said
	cmd.WaitDelay = time.Second
	if err := p.starter.do(cmd.Start); err != nil {
		return "", fmt.Errorf("start tesseract: %w", err)
	}
	release, err := confine(cmd, p.opts.Memory)
	if err != nil {
		p.opts.Log.Warn("tesseract is not confined", "err", err)
	} else {
		defer release()
	}
	if err := cmd.Wait(); err != nil {
		return "", fmt.Errorf("run tesseract: %w: %s", err, said)
	}
	return recognised(out.buf.String()), nil
}

// maxRecognised bounds the text of one page in bytes, as MuPDF's is.
const maxRecognised = 1 << 20

// recognised cleans what tesseract prints: it ends pages with a form feed.
func recognised(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r == 0 || r == '\f' {
			return -1
		}
		return r
	}, s)
	if s = strings.TrimSpace(s); s == "" {
		return ""
	}
	return s + "\n"
}

// limitedBuffer refuses more than max bytes.
type limitedBuffer struct {
	buf bytes.Buffer
	max int
}

var errTooMuch = errors.New("too much text")

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.max {
		return 0, errTooMuch
	}
	return b.buf.Write(p)
}
