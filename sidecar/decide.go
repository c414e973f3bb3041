package sidecar

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"

	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
)

// existing is what stands in a preview's place.
type existing struct {
	state   state
	data    []byte           // its bytes, where they were read
	version safefile.Version // what was read, for replacing and removing it
	header  preview.Header   // as far as it could be read
}

// state says whose the file in a preview's place is.
type state int

const (
	absent  state = iota
	ours          // intact
	edited        // ours once, changed by a person since
	newer         // by a newer version of qacorpus
	foreign       // not qacorpus's at all, or no regular file
)

// maxPreview bounds what is read of a file that has a preview's name, in bytes.
// The preview of all of a long book's pages has some 10 MB.
const maxPreview = 256 << 20

// readExisting looks at what is at path.
func readExisting(path string) (existing, error) {
	data, version, err := safefile.Read(path, maxPreview)
	var unsafe *safefile.UnsafeError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return existing{}, nil
	case errors.As(err, &unsafe), errors.Is(err, fs.ErrPermission):
		return existing{state: foreign}, nil
	case err != nil:
		return existing{}, err
	}
	e := existing{data: data, version: version, state: ours}
	e.header, err = preview.Parse(data)
	switch {
	case version.Symlink, errors.Is(err, preview.ErrForeign):
		e.state = foreign
	case errors.Is(err, preview.ErrEdited):
		e.state = edited
	case errors.Is(err, preview.ErrNewer):
		e.state = newer
	}
	return e, nil
}

// step is what is to be done to a sidecar.
type step int

const (
	keep step = iota
	create
	replace
)

// decide says what to do where old stands and want, with header h, should. note
// is for a person where something of theirs stands in the way.
func decide(old existing, h preview.Header, want []byte) (s step, note string) {
	switch old.state {
	case absent:
		return create, ""
	case edited:
		return keep, "the preview was edited by hand and is left as it is; delete or rename it to get a new one"
	case foreign:
		return keep, "a file that is not qacorpus's stands where the preview would go; rename it to get a preview"
	case newer:
		if h.SHA256 == "" || h.SHA256 == old.header.SHA256 {
			return keep, "the preview was written by a newer qacorpus and is left as it is"
		}
		return replace, "" // it is about a PDF that is not there any more
	}
	if !bytes.Equal(old.data, want) && h.Supersedes(old.header) {
		return replace, ""
	}
	return keep, ""
}

func sum(data []byte) [32]byte { return sha256.Sum256(data) }
