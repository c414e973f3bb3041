package sidecar

import (
	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/preview"
)

// Unchanged reports whether a PDF, a regular file that looks like source now, with a sidecar that looks like side, is as e
// remembers it. Then Reconcile, with settings of this version, would do nothing and return this outcome.
func Unchanged(e cache.Entry, version uint64, source, side cache.Stat) (Outcome, bool) {
	if e.Options != version || !e.Fresh(source, side) {
		return Outcome{}, false
	}
	return Outcome{Status: preview.Status(e.Status), SHA256: e.SHA}, true
}

// Version tells settings apart that could lead to another preview.
func (s Settings) Version() uint64 { return s.hash() }
