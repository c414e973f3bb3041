package tree_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"qacorpus/sidecar/qa/tree"
)

// TestRandomTokens throws the tokens of JSON and of its usual mistakes
// together at random: the scanner must come to an end, keep its tree sound,
// and take for JSON just what jsontext takes.
func TestRandomTokens(t *testing.T) {
	pieces := []string{
		"{", "}", "[", "]", ",", ":", `"a"`, `"b`, `"`, "'x'", "1", "-", "0.5e3", "true", "None", "NaN", " ", "\n", "\t", `\`, `\"`, `\u00e9`, `\ud83d`,
		"//c\n", "/*", "*/", "#", "“", "”", "\u00a0", "\u200b", "é", "😀", "word", "=", ";", `{"question":`, `"answer":"b"}`, `"a":1`, "```", "<",
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		var b strings.Builder
		for range 1 + rng.IntN(14) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		s := b.String()
		agree(t, s)
		sound(t, tree.ParseLines(s))
	}
}
