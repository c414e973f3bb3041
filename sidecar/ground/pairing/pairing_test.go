package pairing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const firstPage = `Published as a conference paper at ICLR 2023
ADALORA: ADAPTIVE BUDGET ALLOCATION FOR
PARAMETER-EFFICIENT FINE-TUNING
Qingru Zhang, Minshuo Chen
ABSTRACT
Fine-tuning large pre-trained language models on down-
stream tasks has become an important paradigm.
`

func library() *Index {
	x := New()
	for _, p := range []PDF{
		{Path: "/c/AdaLoRA.pdf", FirstPage: firstPage},
		{Path: "/c/LoRA.pdf", Title: "LoRA: Low-Rank Adaptation of Large Language Models"},
		{Path: "/c/2410.21228v3.pdf", Title: "LoRA vs Full Fine-tuning: An Illusion of Equivalence"},
		{Path: "/c/Fine-Tuning:\n__A_Benchmark.pdf"},
		{Path: "/c/2024/Survey.PDF", Title: "A Survey"},
		{Path: "/c/2023/Survey.pdf", Title: "A survey."},
		{Path: "/c/2023_QA-LoRA__Quantization-Aware_Low-Rank_Adaptation.pdf"},
		{Path: "/c/a.pdf"},
		{Path: "/c/eﬃcient.pdf"},
	} {
		x.PutPDF(p)
	}
	return x
}

func TestMatch(t *testing.T) {
	x := library()
	for _, tt := range []struct {
		name string
		file File
		want string // path and rule
	}{
		{"same stem", File{Path: "/c/AdaLoRA.json"}, "/c/AdaLoRA.pdf name"},
		{"lines", File{Path: "/c/AdaLoRA.jsonl"}, "/c/AdaLoRA.pdf name"},
		{"other folder", File{Path: "/q/qa_pairs/AdaLoRA.json"}, "/c/AdaLoRA.pdf name"},
		{"a suffix after a point", File{Path: "/q/AdaLoRA.qa.json"}, "/c/AdaLoRA.pdf name"},
		{"a suffix after an underscore", File{Path: "/q/LoRA_train_v2.json"}, "/c/LoRA.pdf name"},
		{"longest name", File{Path: "/q/LoRA_rest.json"}, "/c/LoRA.pdf name"},
		{"no name inside a word", File{Path: "/q/LoRAX.json"}, ""},
		{"case and ligature", File{Path: "/q/Efficient.json"}, "/c/eﬃcient.pdf name"},
		{"one letter in the same folder", File{Path: "/c/a_test.json"}, "/c/a.pdf name"},
		{"one letter elsewhere", File{Path: "/q/a_test.json"}, ""},
		{"the title overrules a name that goes on", File{Path: "/q/LoRA_vs_full.json", Title: "LoRA vs. Full Fine-Tuning: an illusion of equivalence"}, "/c/2410.21228v3.pdf title"},
		{"but not the very name", File{Path: "/q/LoRA_qa.json", Title: "A survey"}, "/c/LoRA.pdf name"},
		{"source with folder", File{Path: "/q/1.json", Source: "papers/LoRA.pdf"}, "/c/LoRA.pdf source"},
		{"paper_id", File{Path: "/q/1.json", PaperID: "adalora"}, "/c/AdaLoRA.pdf source"},
		{"arXiv address", File{Path: "/q/1.json", Source: "https://arxiv.org/abs/2410.21228"}, "/c/2410.21228v3.pdf source"},
		{"arXiv identifier", File{Path: "/q/1.json", PaperID: "arXiv:2410.21228v1"}, "/c/2410.21228v3.pdf source"},
		{"source in Windows' way", File{Path: "/q/1.json", Source: `C:\papers\LoRA.pdf`}, "/c/LoRA.pdf source"},
		{"folder of the source", File{Path: "/q/1.json", Source: "2024/Survey.pdf"}, "/c/2024/Survey.PDF source"},
		{"title on the first page, over two lines", File{Path: "/q/1.json", Title: "AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning"}, "/c/AdaLoRA.pdf title"},
		{"title with a misprint", File{Path: "/q/1.json", Title: "AdaLoRA: Adaptive Budget Alocation for Parameter-Efficient Fine-Tuning"}, "/c/AdaLoRA.pdf title"},
		{"title in a file name", File{Path: "/q/1.json", Title: "Fine-Tuning: A Benchmark"}, "/c/Fine-Tuning:\n__A_Benchmark.pdf title"},
		{"title after a year in a file name", File{Path: "/q/1.json", Title: "QA-LoRA: Quantization-Aware Low-Rank Adaption"}, "/c/2023_QA-LoRA__Quantization-Aware_Low-Rank_Adaptation.pdf title"},
		{"title of nothing", File{Path: "/q/1.json", Title: "Attention is all you need"}, ""},
		{"ambiguous title", File{Path: "/q/1.json", Title: "A survey"}, "/c/2023/Survey.pdf|/c/2024/Survey.PDF title"},
		{"ambiguous name", File{Path: "/q/survey.json"}, "/c/2023/Survey.pdf|/c/2024/Survey.PDF name"},
		{"nearest of two", File{Path: "/c/2023/qa/survey.json"}, "/c/2023/Survey.pdf name"},
		{"exact case before folded", File{Path: "/c/2024/Survey.json"}, "/c/2024/Survey.PDF name"},
		{"a pair's own source", File{Source: "LoRA.pdf"}, "/c/LoRA.pdf source"},
		{"nothing", File{Path: "/q/qa_pairs.json"}, ""},
		{"empty members", File{Path: "/q/.json", PaperID: "/", Source: " ", Title: "…"}, ""},
	} {
		m := x.PutFile(tt.file)
		got := m.PDF
		if len(m.Candidates) > 0 {
			got = strings.Join(m.Candidates, "|")
		}
		if m.By != "" {
			got += " " + m.By
		}
		if got != tt.want {
			t.Errorf("%s: %+v matches %q, want %q", tt.name, tt.file, got, tt.want)
		}
	}
}

func TestChangesReachFiles(t *testing.T) {
	x := New()
	x.PutFile(File{Path: "/q/LoRA_qa.json"})
	x.PutFile(File{Path: "/q/other.json", Title: "AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning"})
	steps := []struct {
		what    string
		change  func() []string
		changed string
		lora    string
	}{
		{"a PDF arrives", func() []string { return x.PutPDF(PDF{Path: "/c/LoRA.pdf"}) }, "/q/LoRA_qa.json", "/c/LoRA.pdf"},
		{"the same again", func() []string { return x.PutPDF(PDF{Path: "/c/LoRA.pdf"}) }, "", "/c/LoRA.pdf"},
		{"an unrelated one", func() []string { return x.PutPDF(PDF{Path: "/c/Z.pdf"}) }, "", "/c/LoRA.pdf"},
		{"a namesake as near", func() []string { return x.PutPDF(PDF{Path: "/d/LoRA.pdf"}) }, "/q/LoRA_qa.json", ""},
		{"the namesake leaves", func() []string { return x.RemovePDF("/d/LoRA.pdf") }, "/q/LoRA_qa.json", "/c/LoRA.pdf"},
		{"a better name arrives", func() []string { return x.PutPDF(PDF{Path: "/c/LoRA_qa.pdf"}) }, "/q/LoRA_qa.json", "/c/LoRA_qa.pdf"},
		{"and leaves", func() []string { return x.RemovePDF("/c/LoRA_qa.pdf") }, "/q/LoRA_qa.json", "/c/LoRA.pdf"},
		{"a first page is read", func() []string { return x.PutPDF(PDF{Path: "/c/Z.pdf", FirstPage: firstPage}) }, "/q/other.json", "/c/LoRA.pdf"},
		{"the last leaves", func() []string { return x.RemovePDF("/c/LoRA.pdf") }, "/q/LoRA_qa.json", ""},
		{"never there", func() []string { return x.RemovePDF("/c/none.pdf") }, "", ""},
	}
	for _, s := range steps {
		if got := strings.Join(s.change(), " "); got != s.changed {
			t.Errorf("%s: changed %q, want %q", s.what, got, s.changed)
		}
		if got := x.Match("/q/LoRA_qa.json").PDF; got != s.lora {
			t.Errorf("%s: matches %q, want %q", s.what, got, s.lora)
		}
	}
	if got := x.Files("/c/Z.pdf"); !slices.Equal(got, []string{"/q/other.json"}) {
		t.Errorf("Files = %q", got)
	}
	x.RemoveFile("/q/other.json")
	if got := x.Files("/c/Z.pdf"); got != nil {
		t.Errorf("Files after RemoveFile = %q", got)
	}
}

// TestIncrementalEqualsFresh makes random changes and checks that the matches
// are those of an index made anew from what is left.
func TestIncrementalEqualsFresh(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("LoRA AdaLoRA Survey QLoRA Prefix Tuning of Large Models qa train")
	phrase := func() string {
		return strings.Join([]string{words[r.IntN(len(words))], words[r.IntN(len(words))], words[r.IntN(len(words))]}[:1+r.IntN(3)], "_")
	}
	x := New()
	pdfs, files := map[string]PDF{}, map[string]File{}
	for i := range 3000 {
		path := fmt.Sprintf("/%d/%s", r.IntN(3), phrase())
		switch r.IntN(6) {
		case 0, 1:
			p := PDF{Path: path + ".pdf", Title: phrase(), FirstPage: phrase() + "\n" + phrase() + phrase() + phrase() + "\n"}
			pdfs[p.Path] = p
			x.PutPDF(p)
		case 2, 3:
			delete(pdfs, path+".pdf")
			x.RemovePDF(path + ".pdf")
		case 4:
			f := File{Path: path + ".json", PaperID: phrase(), Title: phrase() + phrase() + phrase()}
			files[f.Path] = f
			x.PutFile(f)
		case 5:
			delete(files, path+".json")
			x.RemoveFile(path + ".json")
		}
		if i%300 != 299 {
			continue
		}
		fresh := New()
		for _, p := range pdfs {
			fresh.PutPDF(p)
		}
		matched := 0
		for _, f := range files {
			want, got := fresh.Ask(f), x.Match(f.Path)
			if want.By != "" {
				matched++
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("after %d changes %+v matches %+v, anew %+v", i+1, f, got, want)
			}
			if got.PDF != "" && !slices.Contains(x.Files(got.PDF), f.Path) {
				t.Fatalf("after %d changes Files(%q) lacks %q", i+1, got.PDF, f.Path)
			}
		}
		if matched == 0 {
			t.Fatalf("after %d changes nothing matches: the test tests nothing", i+1)
		}
	}
}

func TestFindArxiv(t *testing.T) {
	for in, want := range map[string]string{
		"2106.09685": "2106.09685", "2106.09685v2": "2106.09685", "arXiv:0704.0001": "0704.0001", "x_2106.09685_y": "2106.09685",
		"2113.09685": "", "12106.09685": "", "2106.096851": "", "2106.0968512": "", "2106,09685": "", "1234.5": "", "": "",
	} {
		if got := findArxiv(in); got != want {
			t.Errorf("findArxiv(%q) = %q, want %q", in, got, want)
		}
	}
}

func bigLibrary(n int) ([]PDF, []File) {
	r := rand.New(rand.NewPCG(5, 6))
	word := func() string { return fmt.Sprintf("w%c%c%d", 'a'+r.IntN(26), 'a'+r.IntN(26), r.IntN(50)) }
	words := func(n int) string {
		var s []string
		for range n {
			s = append(s, word())
		}
		return strings.Join(s, " ")
	}
	pdfs, files := make([]PDF, n), make([]File, n/10)
	for i := range pdfs {
		title := words(9)
		page := "Published as a conference paper at ICLR\n" + title + "\n"
		for range 14 {
			page += words(10) + "\n"
		}
		pdfs[i] = PDF{Path: fmt.Sprintf("/c/%d/%07d.pdf", i%1000, i), FirstPage: page}
		if i%10 == 0 {
			files[i/10] = File{Path: fmt.Sprintf("/q/%d.json", i), Title: title}
		}
	}
	return pdfs, files
}

func BenchmarkPut(b *testing.B) {
	pdfs, _ := bigLibrary(10000)
	b.ReportAllocs()
	x, i := New(), 0
	for b.Loop() {
		x.PutPDF(pdfs[i%len(pdfs)])
		i++
	}
}

func BenchmarkAskAmong100000(b *testing.B) {
	pdfs, files := bigLibrary(100000)
	x := New()
	for _, p := range pdfs {
		x.PutPDF(p)
	}
	x.Ask(files[0]) // the first one makes the list of titles
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if x.Ask(files[i%len(files)]).By != "title" {
			b.Fatal("not found")
		}
		i++
	}
}
