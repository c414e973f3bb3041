package cache

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"time"
)

// Stat is what tells a file from a changed one without reading it. The zero
// value stands for no file. The device is left out: its number may be another
// after each start of the system.
type Stat struct {
	Size         int64
	Mtime, Ctime int64 // nanoseconds since 1970
	Ino          uint64
}

// StatOf takes the parts of info that matter; nil gives the zero Stat. Where the
// system tells no inode and no change time, these are 0 and the modification
// time.
func StatOf(info fs.FileInfo) Stat {
	if info == nil {
		return Stat{}
	}
	s := Stat{Size: info.Size(), Mtime: info.ModTime().UnixNano()}
	s.Ctime = s.Mtime
	s.system(info)
	return s
}

// tick returns the longest time that the clock of the file's system may stand
// still: 20 ms for one that writes parts of a second (Linux' coarsest timer has
// 10 ms), else 2 s, which is FAT's.
func (s Stat) tick() int64 {
	if s.Mtime%int64(time.Second) == 0 && s.Ctime%int64(time.Second) == 0 {
		return int64(2 * time.Second)
	}
	return int64(20 * time.Millisecond)
}

// entryVersion is the first byte of an entry. Entries with another are unknown.
const entryVersion = 1

var errEntry = errors.New("unknown cache entry")

// MarshalBinary packs e for the store.
func (e Entry) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 192)
	b = append(b, entryVersion)
	for _, s := range [2]Stat{e.Source, e.Sidecar} {
		for _, v := range [4]uint64{uint64(s.Size), uint64(s.Mtime), uint64(s.Ctime), s.Ino} {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(e.Read))
	b = binary.LittleEndian.AppendUint64(b, e.Options)
	b = append(b, e.SHA[:]...)
	b = append(b, e.Written[:]...)
	for _, n := range [3]int{e.Pairs, e.Errors, e.Warnings} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return append(b, e.Status...), nil
}

// UnmarshalBinary unpacks what MarshalBinary packed.
func (e *Entry) UnmarshalBinary(b []byte) error {
	const fixed = 1 + 2*4*8 + 2*8 + 2*32
	if len(b) < fixed || b[0] != entryVersion {
		return errEntry
	}
	b = b[1:]
	next := func() uint64 {
		v := binary.LittleEndian.Uint64(b)
		b = b[8:]
		return v
	}
	for _, s := range [2]*Stat{&e.Source, &e.Sidecar} {
		*s = Stat{Size: int64(next()), Mtime: int64(next()), Ctime: int64(next()), Ino: next()}
	}
	e.Read = int64(next())
	e.Options = next()
	b = b[copy(e.SHA[:], b):]
	b = b[copy(e.Written[:], b):]
	for _, n := range [3]*int{&e.Pairs, &e.Errors, &e.Warnings} {
		v, size := binary.Uvarint(b)
		if size <= 0 {
			return errEntry
		}
		*n, b = int(v), b[size:]
	}
	e.Status = word(b)
	return nil
}

// word is string(b), without an allocation for the words that nearly all entries have.
func word(b []byte) string {
	switch string(b) {
	case "":
		return ""
	case "ok":
		return "ok"
	case "no-text":
		return "no-text"
	}
	return string(b)
}

func sorted(paths []string) []string {
	slices.Sort(paths)
	return slices.Compact(paths)
}
