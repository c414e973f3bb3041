//go:build unix

package extract

import (
	"context"
	"log/slog"
)

// countingHandler counts the workers that ended in a document.
type countingHandler struct {
	slog.Handler
	lost int
}

func (h *countingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *countingHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "worker ended in a document" {
		h.lost++
	}
	return nil
}
