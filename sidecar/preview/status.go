package preview

import "fmt"

// Status says what came of reading a PDF.
type Status string

// The statuses, best first.
const (
	OK         Status = "ok"
	NoText     Status = "no-text"
	Encrypted  Status = "encrypted"
	Damaged    Status = "damaged"
	NotAPDF    Status = "not-a-pdf"
	TooLarge   Status = "too-large"
	TimedOut   Status = "timed-out"
	Crashed    Status = "crashed"
	Unreadable Status = "unreadable"
	OnlineOnly Status = "online-only"
)

// rank orders the statuses: the lower is the better. Of one PDF and one version
// a status is only ever replaced by a better one, so that a slow machine does
// not undo what a fast one found out.
func (s Status) rank() int {
	switch s {
	case OK:
		return 0
	case NoText:
		return 1
	case Encrypted:
		return 2
	case Damaged, NotAPDF:
		return 3
	case TooLarge, TimedOut:
		return 4
	case Crashed:
		return 5
	case Unreadable:
		return 6
	case OnlineOnly:
		return 7
	}
	return 8
}

// Explain says in plain words what is wrong and what the reader can do, in
// Markdown. pages is the document's length, 0 where unknown.
func (s Status) Explain(pages int) string {
	switch s {
	case NoText:
		return fmt.Sprintf("No text was found on the pages looked at. The document has %s, probably pictures of a printed text (a scan).\n\n"+
			"To make its text readable, run it through a text recognition program such as `ocrmypdf` and save the result here, "+
			"or look for a version of the paper that was not scanned.", count(pages, "page"))
	case Encrypted:
		return "This PDF is protected by a password, so its text cannot be read.\n\n" +
			"Save a copy without the password here, or put the password under `preview.passwords` in qacorpus's configuration."
	case Damaged:
		return "This PDF is damaged: no page of it could be read. The download or the copy may have been cut off.\n\n" +
			"Download or copy it again. If it opens in a PDF reader, print it to a new PDF from there and save that here."
	case NotAPDF:
		return "This file is named like a PDF but is not one: it does not begin like a PDF. It may be empty, or a web page that was saved in place of the paper.\n\n" +
			"Open it in a browser or a text editor to see what it is, and download the paper again."
	case TooLarge:
		return "This PDF is larger than qacorpus is set to read.\n\n" +
			"Raise `extract.max_size` in qacorpus's configuration, or save a smaller version here, with only the pages that matter."
	case TimedOut:
		return "Reading this PDF took longer than it may, and was stopped. Some files are made, or broken, such that reading them never ends.\n\n" +
			"If it opens in a PDF reader, print it to a new PDF from there and save that here, or raise `extract.timeout` in qacorpus's configuration."
	case Crashed:
		return "Reading this PDF failed twice: it made the PDF library stop, or needed more memory than it may have. Nothing else was affected.\n\n" +
			"If it opens in a PDF reader, print it to a new PDF from there and save that here, or raise `extract.memory` in qacorpus's configuration."
	case Unreadable:
		return "This file could not be read: the system refused it, for example for a missing permission.\n\n" +
			"Check that the user that qacorpus runs as may read it (on Linux and macOS: `ls -l`). It will be looked at again by itself."
	case OnlineOnly:
		return "This file is kept online only by the cloud client: its content is not on this machine, and qacorpus does not pull it down.\n\n" +
			"Make it available offline in the cloud client, or set `watch.online_only = \"fetch\"` in qacorpus's configuration."
	}
	return "The text of this PDF could not be read."
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
