// Package page promises a read-only web page of a corpus that is safe against
// whatever the corpus holds and whoever else talks to its address: it answers only
// GET and HEAD under its own loopback address, runs no script but its own, and
// lets names and texts of papers be nothing but text.
//
// # Design notes
//
// Handlers know the corpus by the small interface below and touch no file. What a
// request may name is an id that the corpus gave out, so no path can be asked for.
// Every page works without a script; the script only fetches the same addresses
// again, as the visitor types or as the corpus changes, and puts in what differs.
//
// Any program and any web site can send requests to a loopback port. A site that
// makes its own name point here (DNS rebinding) is told apart by the Host header,
// one that embeds or fetches addresses of ours by Sec-Fetch-Site; see guard.go.
package page

import (
	"context"
	"log/slog"
	"net/http"
)

// Corpus is what the page shows. Its methods are called from many goroutines.
type Corpus interface {
	// Papers returns all papers in their order. The slice is not changed
	// afterwards, by neither side.
	Papers() ([]Row, State)
	// Paper returns one paper in full, with the texts of at most count pages from
	// page first on. The error wraps fs.ErrNotExist where there is no such paper.
	Paper(ctx context.Context, id string, first, count int) (Paper, error)
	// Picture draws a paper's first page as a PNG some width pixels wide. It is
	// not called twice for the same picture as long as that is remembered.
	Picture(ctx context.Context, id string, width int) ([]byte, error)
	// Wait returns the version of the corpus as soon as it is not seen, or when
	// ctx ends.
	Wait(ctx context.Context, seen uint64) uint64
}

// State is what there is to say of the corpus as a whole.
type State struct {
	Version uint64   // grows with every change
	Folders []string // the folders' names, any bytes
	Waiting int      // files that have not been looked at yet
	Lost    []string // names of question-answer files that belong to no paper
}

// Row is one paper in the table.
type Row struct {
	ID     string // letters and digits; names the paper in addresses
	Index  int    // as `qacorpus list` counts
	Name   string // from its folder, any bytes
	Folder string // name of its folder; "" where there is only one
	Title  string
	Status string // of the preview; "" where it has not been looked at yet
	Pages  int

	Files, Pairs, Errors, Warnings int // of its question-answer files
	// Asked and Askable count the pages that some answer rests on, and all with
	// text to ask about. Both are 0 where that is not known.
	Asked, Askable int

	SameAs  []string // names of papers with the same bytes, the first hundred
	Stamp   string   // changes when the PDF does; letters and digits
	Drawn   bool     // whether there may be a picture of its first page
	Version uint64   // of the corpus when anything of the above changed last
}

// Paper is one paper in full.
type Paper struct {
	Row
	Author string
	// What and Hint say why there is no text, and what to do; both are Markdown
	// with no other marks than `code`, and "" where there is text.
	What, Hint string
	Preview    bool // whether its preview is there, and of the PDF as it is

	First     int      // number of the page of Texts[0], from 1
	Texts     []string // of the pages asked for
	Length    int      // how many pages with a text there are in all
	Uncovered []int    // pages, from 1, with text to ask about that no answer rests on
	Questions []File
}

// File is a question-answer file of a paper.
type File struct {
	Name     string // from its folder, any bytes
	Was      string // what it was before it was converted; "" where that is the same
	Pairs    []Pair
	Count    int       // of all its pairs, those left out included
	Problems []Problem // those that are about no pair above
	Reading  bool      // whether it is being looked at again
}

// Pair is a question with its answer.
type Pair struct {
	Question, Answer, Context string
	Line                      int // in its file, from 1
	// Page is what supports the answer best, from 1; 0 for none. Start and End
	// are bytes of that page's text.
	Page, Start, End int
	Problems         []Problem
}

// Problem is one thing that is wrong with a question-answer file.
type Problem struct {
	Code, Severity     string // severity is "error", "warning" or "info"
	Line, Column       int    // from 1; 0 where it is about the whole file
	Message, Hint      string
	Before, At, Behind string // the line of the file; At is the character in question
}

// New makes the handler. hosts are the values of the Host header that it answers
// to. Streams of events end when a request's context does.
func New(c Corpus, hosts []string, log *slog.Logger) http.Handler {
	s := &server{corpus: c, log: log, pictures: newPictures(c), assets: loadAssets(), templates: parseTemplates(), boot: newBoot()}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", s.list)
	mux.HandleFunc("/paper/{id}", s.paper)
	mux.HandleFunc("/picture/{id}", s.picture)
	mux.HandleFunc("/events", s.events)
	mux.HandleFunc("/static/{name}", s.static)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.sorry(w, r, http.StatusNotFound, "There is nothing at this address.")
	})
	return guard(hosts, mux)
}
