package corpus

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

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

// A source that a pair names is known to the pairing by a stand-in: a file in
// the same folder under a name that no file and no PDF can have. So the pairing
// tells when the PDF of a source comes or goes.

// standIn makes the stand-ins of a file those for own, the sources of its pairs.
// The caller holds c.mu.
func (c *Corpus) standIn(path string, own []string) {
	info := c.files[path]
	for _, s := range info.own {
		c.pairs.RemoveFile(s)
		delete(c.owners, s)
	}
	info.own = nil
	for _, source := range distinct(own) {
		// Nothing of this name is a letter or a digit, by which names are compared.
		number := strings.NewReplacer("0", "\x01", "1", "\x02").Replace(strconv.FormatInt(int64(c.next), 2))
		c.next++
		s := filepath.Join(filepath.Dir(path), "\x00"+number)
		c.pairs.PutFile(pairing.File{Path: s, Source: source})
		c.owners[s] = path
		info.own = append(info.own, s)
	}
}

// distinct lists what is in a list, but for "", in the order of the first of each.
func distinct(list []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
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
	known := map[string]string{"": m.PDF}
	if m.By == "source" {
		known[""] = "" // that source was the first pair's, not the file's
	}
	info, sources := c.files[path], distinct(own)
	if info == nil || len(info.own) != len(sources) {
		return nil // not the result that was put
	}
	for i, s := range sources {
		known[s] = c.pairs.Match(info.own[i]).PDF
	}
	pdfs := make([]string, len(own))
	for i, s := range own {
		pdfs[i] = known[s]
	}
	return pdfs
}
