package across

import (
	"strings"

	"qacorpus/sidecar/ground/fold"
)

// IsEval tells from its name whether a file is for evaluation. path is relative
// to the watched folder, so that a home folder named test marks nothing. The
// words of the file's and its folders' names decide: eval, evaluation, test,
// dev, val, valid, validation, holdout, and words that begin or end with eval
// or begin with test, with or without digits; not the eval of retrieval nor the
// test of latest. A word train in the file's own name outweighs its folders.
func IsEval(path string) bool {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' })
	for i := len(parts) - 1; i >= 0; i-- {
		eval, train := marks(parts[i])
		if eval {
			return true
		}
		if train {
			return false
		}
	}
	return false
}

func marks(name string) (eval, train bool) {
	fold.Words(splitCamel(name), func(_, _ int, b []byte) bool {
		switch w := strings.Trim(string(b), "0123456789"); {
		case w == "dev" || w == "val" || w == "valid" || w == "validation" || w == "holdout" || w == "heldout":
			eval = true
		case strings.HasPrefix(w, "eval") || strings.HasSuffix(w, "eval") && !ordinaryEval(w):
			eval = true
		case strings.HasPrefix(w, "test") && !ordinaryTest(w):
			eval = true
		case strings.HasPrefix(w, "train"):
			train = true
		}
		return true
	})
	return eval, train
}

func ordinaryEval(w string) bool {
	return w == "retrieval" || w == "medieval" || w == "primeval" || w == "coeval" || w == "upheaval"
}

func ordinaryTest(w string) bool {
	for _, p := range [...]string{"testim", "testam", "testos", "testif", "testi"} {
		if strings.HasPrefix(w, p) && w != "testing" {
			return true
		}
	}
	return false
}

// splitCamel puts a space before a capital that follows a small letter.
func splitCamel(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' && s[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
