package sidecar

import (
	"fmt"
	"io"
	"os"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// JudgeTooLarge judges a QA file that is larger than may be read by its beginning:
// whether it counts, and then that it is too large. size and limit are in bytes.
func JudgeTooLarge(path string, o qa.Options, size, limit int64) (*qa.Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return nil, err
	}
	o.MaxSize = 1
	res := qa.Normalise(head, o)
	if res.Counts {
		res.Problems = []problem.Problem{problem.New("QA_TOO_BIG",
			fmt.Sprintf("the file has %.1f MiB; the limit is %.1f MiB", float64(size)/(1<<20), float64(limit)/(1<<20)),
			"split it, or raise qa.max_size")}
	}
	return &res, nil
}
