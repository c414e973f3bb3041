// Package extract promises the text of any PDF, however hostile, without the
// calling process ever parsing a byte of it: every document is read by a
// sandboxed worker process that can be killed, and that costs only itself.
//
// # Design notes
//
// MuPDF is a C library that reads files from strangers. It may crash, run for
// ever or ask for all memory, so it lives in worker processes (package worker)
// that hold no file system, no network and no other program. A worker is given
// one open descriptor per document and answers over one socket; what it answers
// is checked as if the document's author had written it (package wire).
//
// Workers are long-lived, because a fresh MuPDF context per document costs a
// third of the speed. They are recycled after a number of documents or when
// they have grown, and started again after any exit, at the next document.
//
// A document that ends its worker is tried once more in a fresh one, then for
// its text alone, without outline and metadata; after that it is recorded as
// crashed. A document that is not done at its deadline
// has its worker killed, not asked.
package extract

// WorkerArg is the hidden first argument that makes the binary a worker: main
// calls worker.Main when os.Args[1] equals it. It is no word that a person
// would type as a command or that a folder would be called.
const WorkerArg = "__extract-worker"

// Status says what became of a document. It is one of the words that previews
// use: "ok", "no-text", "encrypted", "damaged", "timed-out", "crashed" or
// "not-a-pdf".
type Status string

const (
	statusOK        Status = "ok"        // at least one of the pages asked for has text
	statusNoText    Status = "no-text"   // readable, but the pages asked for hold no text
	statusEncrypted Status = "encrypted" // none of the passwords opens it
	statusDamaged   Status = "damaged"   // cannot be opened, or none of its pages can be loaded
	statusTimedOut  Status = "timed-out" // not done within Options.Timeout
	statusCrashed   Status = "crashed"   // ended every worker that tried
	statusNotAPDF   Status = "not-a-pdf" // no %PDF within the first 1,024 bytes
)

// Request says which pages of a document are wanted, and how.
type Request struct {
	// First and Last are the range of pages, counted from 1, both included.
	// First 0 is page 1. Last 0 is First+3, so that the zero value asks for
	// the first four pages; Last -1 is the document's last page.
	First, Last int
	// Passwords are tried in order after the empty one.
	Passwords []string
	// Raw keeps every character as MuPDF gives it, U+0000 and control
	// characters included. Otherwise U+0000 is dropped.
	Raw bool
}

// OutlineItem is one line of a document's table of contents.
type OutlineItem struct {
	Level int    // 1 is the outermost
	Title string // clean UTF-8 on one line, never empty
	Page  int    // counted from 1; 0 where the item leads to no page
}

// Document is what a worker found. Every string in it is valid UTF-8.
type Document struct {
	Status Status
	Pages  int      // pages in the document; 0 where it could not be opened
	First  int      // number of the page whose text is Texts[0], counted from 1
	Texts  []string // text of each page, exactly as PyMuPDF's page.get_text() gives it
	Labels []string // number printed on each page of Texts; "" where it is the page's own number
	Title  string   // from the metadata, cleaned and trimmed; "" where there is none
	Author string   // the same
	// Outline is the document's table of contents in reading order.
	Outline []OutlineItem
	// Recognised says that Texts were read off the rendered pages by tesseract.
	Recognised bool
	// Detail tells in plain words what is wrong with the document, for logs.
	// It may be set beside any status, ok included.
	Detail string
}
