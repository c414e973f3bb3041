package similar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestNear(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		near bool
	}{
		{"What is LoRA?", "what is the LoRA", true},
		{"What are the main limitations of LoRA?", "What is the main limitation of LoRA described in this paper?", true},
		{"What is the rank used in LoRA?", "What is the rank used in QLoRA?", false},
		{"How good is it on SQuAD 1.1?", "How good is it on SQuAD 2.0?", false},
		{"Why is B sparse in LoRI?", "How is B sparse in LoRI?", false},
		{"Does it need labels?", "Does it not need labels?", false},
		{"How does the method reduce the number of trainable parameters during fine-tuning of large models?", "How does the method reduce the number of trainable weights during fine-tuning of large models?", true},
		{"What memory does training need?", "What time does training need?", false},
		{"大型語言模型是什麼？", "大型语言模型是什么？", false},
		{"大型語言模型是什麼？", "大型語言模型是什麼", true},
		{"", "", false},
		{"…", "???", false},
	} {
		a, b := Of(tt.a), Of(tt.b)
		if got := a.Near(b); got != tt.near {
			t.Errorf("Near(%q, %q) = %v, score %.2f", tt.a, tt.b, got, a.Score(b))
		}
		if a.Near(b) != b.Near(a) || a.Score(b) != b.Score(a) {
			t.Errorf("%q and %q compare otherwise when swapped", tt.a, tt.b)
		}
	}
}

func TestHash(t *testing.T) {
	if Of("What is the LoRA method?").Hash() != Of("the LoRA method — what is?").Hash() {
		t.Error("order and filler words change the hash")
	}
	if Of("LoRA").Hash() == Of("QLoRA").Hash() {
		t.Error("two names have one hash")
	}
}

// wordsWith makes two texts of n words each of which about the given share of
// all words is in both.
func wordsWith(r *rand.Rand, n int, share float64) (a, b string) {
	both := int(2 * share / (1 + share) * float64(n))
	var x, y []string
	for i := range n {
		w := fmt.Sprintf("w%d", r.IntN(1<<30))
		x = append(x, w)
		if i >= both {
			w = fmt.Sprintf("w%d", r.IntN(1<<30))
		}
		y = append(y, w)
	}
	return strings.Join(x, " "), strings.Join(y, " ")
}

// TestSketch checks that sketches estimate the score, and that keys find texts
// as often as their comment says.
func TestSketch(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const rounds = 500
	for _, tt := range []struct{ share, atLeast, atMost float64 }{
		{0.8, 0.96, 1}, {0.5, 0.3, 0.5}, {0.2, 0.002, 0.03}, {0, 0, 0},
	} {
		found, sum, want := 0, 0.0, 0.0
		for range rounds {
			x, y := wordsWith(r, 60, tt.share)
			a, b := Of(x), Of(y)
			s, u := a.Sketch(), b.Sketch()
			sum += s.Score(&u)
			want += a.Score(b)
			k, l := s.Keys(), u.Keys()
			for i := range k {
				if k[i] == l[i] {
					found++
					break
				}
			}
		}
		if share := float64(found) / rounds; share < tt.atLeast || share > tt.atMost {
			t.Errorf("texts with a score of %.1f share a key in %.3f of cases, want %.3f to %.3f", tt.share, share, tt.atLeast, tt.atMost)
		}
		if math.Abs(sum-want)/rounds > 0.02 {
			t.Errorf("score %.3f is estimated as %.3f", want/rounds, sum/rounds)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	s := "LoRI reduces the number of trainable parameters by keeping matrix A fixed as a random projection and sparsifying matrix B using task-specific masks."
	b.ReportAllocs()
	for b.Loop() {
		Of(s)
	}
}

func BenchmarkSketch(b *testing.B) {
	t := Of("LoRI reduces the number of trainable parameters by keeping matrix A fixed as a random projection and sparsifying matrix B using task-specific masks.")
	b.ReportAllocs()
	for b.Loop() {
		t.Sketch()
	}
}
