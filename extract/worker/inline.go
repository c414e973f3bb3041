package worker

import (
	"bytes"
	"fmt"
	"io"
)

// inline takes a document of size bytes from the requests' stream.
func inline(r io.Reader, size int64) ([]byte, error) {
	buf := bytes.NewBuffer([]byte{}) // not nil, which would be no document
	if _, err := io.CopyN(buf, r, size); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return buf.Bytes(), nil
}
