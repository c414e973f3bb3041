package corpus

import "slices"

// Coverage says how much of a paper has been asked about.
type Coverage struct {
	Pages     int   // of the paper; 0 where no file of it has been reviewed with its text
	Covered   int   // pages that some answer rests on
	Uncovered []int // pages, from 1, with enough text to ask about that no answer rests on
}

// Coverage tells, from the reviews so far, which pages of the PDF at path have
// no question yet.
func (c *Corpus) Coverage(path string) Coverage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.coverage(path)
}

func (c *Corpus) coverage(path string) Coverage {
	state := c.pdfs[path]
	v := Coverage{Pages: state.pages}
	if len(state.covers) == 0 {
		return Coverage{} // nothing belongs to it any more
	}
	covered := map[int]bool{}
	for _, pages := range state.covers {
		for _, page := range pages {
			covered[page] = true
		}
	}
	v.Covered = len(covered)
	v.Uncovered = slices.DeleteFunc(slices.Clone(state.asked), func(page int) bool { return covered[page] })
	return v
}

// learn notes which pages of a paper there is something to ask about.
func (c *Corpus) learn(pdf string, paper keptPaper) {
	askable := paper.paper.Uncovered(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	if state, ok := c.pdfs[pdf]; ok {
		state.asked, state.pages = askable, paper.pages
		c.pdfs[pdf] = state
	}
}

// cover notes which pages of which PDFs the file's answers rest on, in place of
// what was noted before, and returns the pages of pdf that nobody asked about.
func (c *Corpus) cover(path, pdf string, covers map[string][]int) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	info := c.files[path]
	if info == nil {
		return nil // it is gone by now
	}
	c.uncover(path, info)
	for pdf, pages := range covers {
		state, ok := c.pdfs[pdf]
		if !ok {
			continue
		}
		if state.covers == nil {
			state.covers = map[string][]int{}
			c.pdfs[pdf] = state
		}
		state.covers[path] = pages
		info.covers = append(info.covers, pdf)
	}
	return c.coverage(pdf).Uncovered
}

// uncover takes back what the file covers. The caller holds c.mu.
func (c *Corpus) uncover(path string, info *fileInfo) {
	for _, pdf := range info.covers {
		delete(c.pdfs[pdf].covers, path)
	}
	info.covers = nil
}

// use notes that the paper's text matters to a file.
func (c *Corpus) use(pdf string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.pdfs[pdf]; !ok && c.pairs.HasPDF(pdf) {
		c.pdfs[pdf] = pdfState{}
	}
}
