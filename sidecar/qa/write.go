package qa

import (
	"bytes"
	"path"
	"strings"

	"qacorpus/sidecar/qa/emit"
	"qacorpus/sidecar/qa/shape"
)

// write makes the output, if there is something to do.
func (r *run) write() {
	if r.kept || r.o.ConflictCopy {
		return
	}
	style := emit.Style{Indent: r.o.indent(), ASCII: r.ascii()}
	if r.o.Shape == "paper" && !r.d.Paper && !r.d.Lines && !r.linesByName() {
		style.PaperID = stem(r.o.Name)
	}
	out := emit.Document(r.t, r.d, style)
	if r.level == shape.Exact && !out.Trimmed && r.same(out.Bytes) {
		return
	}
	if out.Reordered {
		style.Sorted = true
		out = emit.Document(r.t, r.d, style)
	}
	if strings.HasSuffix(r.text.S, "\n") {
		out.Bytes = append(out.Bytes, '\n')
	}
	if bytes.Equal(out.Bytes, r.data) {
		return
	}
	r.res.Output, r.res.Changed = out.Bytes, true
	r.describe(out, style)
}

// same says that the data is what was written, with or without the final
// newline that editors add.
func (r *run) same(out []byte) bool {
	data := r.data
	if len(data) == len(out)+1 && data[len(out)] == '\n' {
		data = data[:len(out)]
	}
	return bytes.Equal(data, out)
}

// ascii settles how characters beyond ASCII are written.
func (r *run) ascii() bool {
	switch r.o.ASCII {
	case "true":
		return true
	case "false":
		return false
	}
	for i := 0; i < len(r.text.S); i++ {
		if r.text.S[i] >= 0x7f {
			return false
		}
	}
	return true
}

// stem is the file's name without folder and ending.
func stem(name string) string {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	base = strings.TrimSuffix(base, path.Ext(base))
	if base == "" {
		return "unnamed"
	}
	return strings.ToValidUTF8(base, "\uFFFD")
}

// describe says in plain words what was done.
func (r *run) describe(out emit.Result, style emit.Style) {
	add := func(when bool, what string) {
		if when {
			r.res.Changes = append(r.res.Changes, what)
		}
	}
	add(r.text.Note != "", r.text.Note)
	add(r.fenced, "Markdown fence removed")
	add(r.t.Comments > 0, "comments removed")
	add(r.t.Commas > 0, "commas before closing brackets removed")
	switch {
	case r.level > shape.Keys || r.d.Level > shape.Keys:
		add(true, "converted from "+r.res.Shape)
	case r.level == shape.Keys:
		add(true, "keys renamed")
	}
	add(style.PaperID != "", "list wrapped as a paper")
	add(out.Trimmed, "white space around questions and answers removed")
	add(style.Sorted, "known keys put first")
	add(len(r.res.Changes) == 0, "layout")
}
