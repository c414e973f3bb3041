// Command pack promises archives that are the same bytes whenever and wherever
// they are made of the same files: sorted names, one time for all, no owners.
//
//	pack EPOCH FOLDER ARCHIVE
//
// ARCHIVE ends in .tar.gz or .zip; what is in FOLDER lies in it under FOLDER's
// own name. EPOCH is the files' time, in seconds since 1970.
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: pack EPOCH FOLDER ARCHIVE")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// archive takes one file after the other.
type archive interface {
	add(name string, info fs.FileInfo, content io.Reader) error
	Close() error
}

func pack(epoch, folder, to string) (err error) {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	at := time.Unix(seconds, 0).UTC()
	var a archive
	if strings.HasSuffix(to, ".zip") {
		a = zipped{zip.NewWriter(f), at}
	} else {
		compressed, _ := gzip.NewWriterLevel(f, gzip.BestCompression) // a level that there is
		a = tarred{tar.NewWriter(compressed), compressed, at}
	}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error { // in the order of names
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(filepath.Dir(folder), path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content, err := os.Open(path)
		if err != nil {
			return err
		}
		defer content.Close()
		return a.add(filepath.ToSlash(rel), info, content)
	})
	return errors.Join(err, a.Close())
}

// mode is a file's mode without what the builder's umask made of it.
func mode(info fs.FileInfo) fs.FileMode {
	if info.Mode()&0o111 != 0 {
		return 0o755
	}
	return 0o644
}

type tarred struct {
	*tar.Writer
	gz *gzip.Writer
	at time.Time
}

func (t tarred) add(name string, info fs.FileInfo, content io.Reader) error {
	err := t.WriteHeader(&tar.Header{Name: name, Size: info.Size(), Mode: int64(mode(info)), ModTime: t.at, Format: tar.FormatUSTAR})
	if err != nil {
		return err
	}
	_, err = io.Copy(t, content)
	return err
}

func (t tarred) Close() error { return errors.Join(t.Writer.Close(), t.gz.Close()) }

type zipped struct {
	*zip.Writer
	at time.Time
}

func (z zipped) add(name string, info fs.FileInfo, content io.Reader) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: z.at}
	h.SetMode(mode(info))
	w, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}
