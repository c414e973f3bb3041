//go:build !linux

package worker

// usage tells nothing here: workers are recycled by count alone.
type usage struct{}

func openUsage() *usage { return nil }

func (*usage) resident() int64 { return 0 }
