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
	if state.pages == 0 {
		return v
	}
	covered := map[int]bool{}
	for _, file := range c.pairs.Files(path) {
		if info := c.files[file]; info != nil && info.pdf == path {
			for _, page := range info.supported {
				covered[page] = true
			}
		}
	}
	v.Covered = len(covered)
	v.Uncovered = slices.DeleteFunc(slices.Clone(state.asked), func(page int) bool { return covered[page] })
	return v
}

// Files lists the QA files that belong to the PDF at path, sorted.
func (c *Corpus) Files(path string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pairs.Files(path)
}

// cover notes which pages the file's answers rest on, and returns those of the
// paper that nobody asked about.
func (c *Corpus) cover(path, pdf string, v review) []int {
	pages := slices.DeleteFunc(slices.Clone(v.supported), func(page int) bool { return page == 0 })
	slices.Sort(pages)
	askable := v.paper.paper.Uncovered(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	info, state := c.files[path], c.pdfs[pdf]
	if info == nil || c.pairs.Match(path).PDF != pdf {
		return nil // it belongs elsewhere by now
	}
	info.pdf, info.supported = pdf, slices.Clip(slices.Compact(pages))
	state.asked, state.pages = askable, v.paper.pages
	c.pdfs[pdf] = state
	return c.coverage(pdf).Uncovered
}
