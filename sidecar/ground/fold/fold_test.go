package fold

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"hyphen at a line end", "param-\neter-efficient", "parameterefficient"},
		{"soft hyphen", "para\u00admeter", "parameter"},
		{"ligatures", "eﬃcient ﬁne-tuning ﬂow", "efficientfinetuningflow"},
		{"quotes and dashes", "“pre–trained” model’s", "pretrainedmodels"},
		{"case", "AdaLoRA", "adalora"},
		{"full width", "ＬｏＲＡ　２０２３", "lora2023"},
		{"mathematical letters", "𝛼 ∈ [0, 1]", "α01"},
		{"superscript digits", "10² and x₁", "102andx1"},
		{"composed and decomposed", "Poincar\u00e9 Poincare\u0301", "poincarepoincare"},
		{"accent printed before its letter", "Poincar´e", "poincare"},
		{"sharp s and ligature letters", "Straße Æsop", "strasseaesop"},
		{"final sigma", "ΛΟΓΟΣ λόγος", "λογοσλογοσ"},
		{"Han", "大型語言模型。", "大型語言模型"},
		{"Arabic with vowel marks", "كِتَاب", "كتاب"},
		{"invalid UTF-8", "a\xffb", "ab"},
		{"replacement character", "a\ufffdb", "ab"},
		{"newlines in a file name", "Fine-Tuning:\n__A_Benchmark", "finetuningabenchmark"},
		{"nothing", " \t—“”", ""},
	} {
		if got := String(tt.in); got != tt.want {
			t.Errorf("%s: String(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"plain", "The LoRA-based model.", []string{"The=the", "LoRA=lora", "based=based", "model=model"}},
		{"ligature", "eﬃcient.", []string{"eﬃcient=efficient"}},
		{"soft hyphen inside", "para\u00admeter", []string{"para\u00admeter=parameter"}},
		{"decomposed", "cafe\u0301s", []string{"cafe\u0301s=cafes"}},
		{"Han", "模型 A1", []string{"模=模", "型=型", "A1=a1"}},
		{"a lone mark is no word", "a \u0301 b", []string{"a=a", "b=b"}},
		{"end", "x", []string{"x=x"}},
		{"none", "…", nil},
	} {
		var got []string
		Words(tt.in, func(start, end int, folded []byte) bool {
			got = append(got, tt.in[start:end]+"="+string(folded))
			return true
		})
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: Words(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestWordsStops(t *testing.T) {
	n := 0
	Words("a b 模 c", func(int, int, []byte) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("yield was called %d times after it answered false at the third", n)
	}
}

// FuzzFold checks what every user of the package relies on: folding twice is
// folding once, only letters and digits remain, and the words of a text,
// concatenated, are its folded form.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "eﬃ-\ncient", "ẞß ﷺ ㎏ ½ ǅ İı", "模型\u0301", "\xff\xc3", "가각 ṩ ằ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := String(s)
		if twice := String(once); twice != once {
			t.Fatalf("String(%q) = %q, and again %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Fatalf("String(%q) = %q, not UTF-8", s, once)
		}
		for _, r := range once {
			if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				t.Fatalf("String(%q) kept %q", s, r)
			}
		}
		var all strings.Builder
		last := 0
		Words(s, func(start, end int, folded []byte) bool {
			if start < last || end <= start || end > len(s) {
				t.Fatalf("Words(%q) gave [%d:%d] after %d", s, start, end, last)
			}
			last = end
			all.Write(folded)
			return true
		})
		if utf8.ValidString(s) && all.String() != once {
			t.Fatalf("words of %q make %q, String gives %q", s, all.String(), once)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	text := strings.Repeat("We propose an eﬃcient “low-rank” adaptation for 175B models. ", 1000)
	buf := make([]byte, 0, len(text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		buf = Append(buf[:0], text)
	}
}
