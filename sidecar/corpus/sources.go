package corpus

import (
	"bytes"
	"encoding/json"
	"path/filepath"

	"qacorpus/sidecar/ground/pairing"
	"qacorpus/sidecar/qa"
)

// ownSource is what a pair may say about where it comes from.
type ownSource struct {
	Source     any `json:"source"`
	SourceFile any `json:"source_file"`
}

func (o ownSource) String() string {
	for _, v := range [2]any{o.Source, o.SourceFile} {
		if s, ok := v.(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// ownSources reads the sources that the pairs of a collection name, in the order
// of r.Pairs. It is nil where they name none, or all the same, and for forms
// that are not canonical.
func ownSources(r *qa.Result) []string {
	if r.Source == "" || len(r.Pairs) == 0 {
		return nil
	}
	rows, ok := decodeRows(r.Output)
	if !ok {
		return nil
	}
	own := make([]string, len(r.Pairs))
	differ := false
	for i, p := range r.Pairs {
		if p.Row >= len(rows) {
			return nil
		}
		own[i] = rows[p.Row].String()
		differ = differ || own[i] != own[0]
	}
	if !differ {
		return nil
	}
	return own
}

// decodeRows reads the rows of a paper, a list or JSON Lines.
func decodeRows(data []byte) (rows []ownSource, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	switch first := bytes.TrimLeft(data, " \t\r\n"); {
	case len(first) == 0:
		return nil, false
	case first[0] == '[':
		return rows, d.Decode(&rows) == nil
	}
	for d.More() {
		var row struct {
			ownSource
			Pairs []ownSource `json:"qa_pairs"`
		}
		if d.Decode(&row) != nil {
			return nil, false
		}
		if row.Pairs != nil {
			return row.Pairs, true
		}
		rows = append(rows, row.ownSource)
	}
	return rows, true
}

// papersOf says for each pair of r which PDF it belongs to, "" for none that is
// known, or nil where all belong to the file's own. A name that a file shares
// with a PDF counts for more than what its pairs say.
func (c *Corpus) papersOf(path string, m pairing.Match, r *qa.Result) []string {
	if m.By == "name" {
		return nil
	}
	own := ownSources(r)
	if own == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// In the same folder, under a name that no PDF can have.
	nowhere := filepath.Join(filepath.Dir(path), "\x00")
	known := map[string]string{"": m.PDF}
	if m.By == "source" {
		known[""] = "" // that source was the first pair's, not the file's
	}
	pdfs := make([]string, len(own))
	for i, s := range own {
		pdf, ok := known[s]
		if !ok {
			pdf = c.pairs.Ask(pairing.File{Path: nowhere, Source: s}).PDF
			known[s] = pdf
		}
		pdfs[i] = pdf
	}
	return pdfs
}
