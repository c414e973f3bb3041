package main

import (
	"context"
	"os"

	"qacorpus/extract"
	"qacorpus/sidecar/preview"
)

// reader lets the reconciler read PDFs through the pool of workers.
type reader struct {
	pool   *extract.Pool
	before func() // called before each time that a worker is asked
}

// Extract reads the first pages, all where pages is 0.
func (r reader) Extract(ctx context.Context, f *os.File, pages int, passwords []string) (preview.Preview, error) {
	r.before()
	q := extract.Request{First: 1, Last: pages, Passwords: passwords}
	if pages == 0 {
		q.Last = -1
	}
	d, err := r.pool.Extract(ctx, f, q)
	if err != nil {
		return preview.Preview{}, err
	}
	p := preview.Preview{
		Pages: d.Pages, First: d.First, Status: preview.Status(d.Status), Title: d.Title, Author: d.Author,
		Texts: d.Texts, Labels: d.Labels, OCR: d.Recognised,
	}
	for _, o := range d.Outline {
		p.Outline = append(p.Outline, preview.Entry{Level: o.Level - 1, Title: o.Title, Page: o.Page})
	}
	return p, nil
}
