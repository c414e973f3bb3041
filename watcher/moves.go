package watcher

// Folders come and go without having been looked at. How often that happened on the way to a path is counted, in little
// memory.

import (
	"path/filepath"
	"sync/atomic"
)

// moves counts, by a hash of the path, how often a folder came or went. Paths share counters: a number that is
// the same as before says that nothing moved, one that differs only that something may have.
type moves [4096]atomic.Uint32

// count notes that what is at path came or went.
func (m *moves) count(path string) { m[hashOf(path)].Add(1) }

// towards adds up the counts of all folders that path lies in.
func (m *moves) towards(path string) uint64 {
	sum := uint64(0)
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		sum += uint64(m[hashOf(dir)].Load())
		if up := filepath.Dir(dir); up == dir {
			return sum
		}
	}
}

func hashOf(path string) uint64 { return weigh(path, stamp{}) % uint64(len(moves{})) }
