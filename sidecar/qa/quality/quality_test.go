package quality_test

import (
	"strings"
	"testing"

	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/quality"
)

// codes lists what was found in a text, with the places.
func found(s string) map[string]int {
	m := map[string]int{}
	for _, f := range quality.Text(s, nil) {
		m[string(f.Code)] = f.At
	}
	return m
}

// TestFound gives texts with one fault each, and where it begins.
func TestFound(t *testing.T) {
	for _, c := range []struct {
		code, text, at string
	}{
		{"QA_LATEX_ESCAPE", "so \frac{a}{b}", "\frac"},
		{"QA_LATEX_ESCAPE", "rate \beta is", "\beta"},
		{"QA_LATEX_ESCAPE", "a \times b", "\times"},
		{"QA_LATEX_ESCAPE", "the \theta_i", "\theta"},
		{"QA_LATEX_ESCAPE", "with \tau = 2", "\tau"},
		{"QA_LATEX_ESCAPE", "$a \rho b$", "\rho"},
		{"QA_LATEX_ESCAPE", "$\nabla f$", "\nabla"},
		{"QA_LATEX_ESCAPE", "\nabla_x f", "\nabla"},
		{"QA_LATEX_ESCAPE", "$a \neq b$", "\neq"},
		{"QA_LATEX_ESCAPE", "$ \nu + 1$", "\nu"},
		{"QA_LATEX_ESCAPE", "\textbf{x}", "\textbf"},
		{"QA_LATEX_ESCAPE", "\forall x", "\forall"},
		{"QA_MOJIBAKE", "cafÃ© here", "Ã©"},
		{"QA_MOJIBAKE", "itâ€™s", "â€™"},
		{"QA_MOJIBAKE", "didnâ€” x", "â€”"},
		{"QA_MOJIBAKE", "20Â°C", "Â°"},
		{"QA_MOJIBAKE", "it\u00e2\u0080\u0099s", "\u00e2"},
		{"QA_MOJIBAKE", "a\u00c2\u00a0b", "\u00c2"},
		{"QA_MOJIBAKE", "Ð¿Ñ€Ð¸", "Ð"},
		{"QA_MOJIBAKE", "ä½\u00a0å¥½", "ä½"},
		{"QA_MOJIBAKE", "ðŸ˜€", "ð"},
		{"QA_MOJIBAKE", "lost \ufffd here", "\ufffd"},
		{"QA_MOJIBAKE", "ï»¿start", "ï»¿"},
		{"QA_TEMPLATE_MARKER", "Hi <|im_end|>", "<|im_end|>"},
		{"QA_TEMPLATE_MARKER", "[INST] Hi", "[INST]"},
		{"QA_TEMPLATE_MARKER", "Why?\n\n###\n\n", "\n\n###"},
		{"QA_TEMPLATE_MARKER", "x ### Response: y", "### Response:"},
		{"QA_TEMPLATE_MARKER", "I am {{ name }}.", "{{"},
		{"QA_TEMPLATE_MARKER", "Q1: What?", "Q1"},
		{"QA_TEMPLATE_MARKER", "A: This.", "A:"},
		{"QA_TEMPLATE_MARKER", "Question 12. What?", "Question"},
		{"QA_HTML_ENTITY", "R&amp;D", "&amp;"},
		{"QA_HTML_ENTITY", "a&nbsp;b", "&nbsp;"},
		{"QA_HTML_ENTITY", "it&#39;s", "&#39;"},
		{"QA_HTML_ENTITY", "&#x27;", "&#x27;"},
		{"QA_INVISIBLE", "a\u200bb", "\u200b"},
		{"QA_INVISIBLE", "hy\u00adphen", "\u00ad"},
		{"QA_INVISIBLE", "a\u200db", "\u200d"},
		{"QA_INVISIBLE", "\ufeffa", "\ufeff"},
		{"QA_INVISIBLE", "a\u202eb", "\u202e"},
		{"QA_INVISIBLE", "bell \x07", "\x07"},
		{"QA_INVISIBLE", "next\u0085line", "\u0085"},
	} {
		m := found(c.text)
		if at, ok := m[c.code]; !ok || at != strings.Index(c.text, c.at) {
			t.Errorf("%q: %v, want %s at %d", c.text, m, c.code, strings.Index(c.text, c.at))
		}
	}
}

// TestNotFound gives texts that look like faults and are none.
func TestNotFound(t *testing.T) {
	for _, s := range []string{
		"a\tthe\ttable\tof\ttimes", "long \nmid = lo", "one\nnew line\nnot so\nnever\nneq it is said", "e\nu\no", "list:\n\to first\n\to second\n\ttop", "line\r\nright here", "\n\nnu shell", "\tan item\n\tau pair",
		"«CAFÉ»", "„Ä“ und „Ö“", "«VILÃ»", "Âge, Ãgua, Pâté", "naïve café – “quoted” … €5 ™", "São Paulo", "Übergröße", "ÂME et ÂGE", "L’Â…", "π ≈ 3,14 µm ±2°", "Ð is a letter of Icelandic", "Đà Nẵng Ấn Độ", "İstanbul'da", "Ångström",
		"the [INSTITUTE]", "a < b and c > d", "x_{{i}}", "$\\frac{{a}}{{b}}$", "use `{{name}}` in Jinja", "{name}", "# Heading\n\n### Third\n\ntext", "items[0] and <s>", "{{}}", "{{1}}", "a {{long sentence with spaces}}",
		"Q&A", "A. thaliana", "Answer this.", "A 2.5 GB model", "Q", "A1 is a cell", "A:b", "AT&T;", "a & b; c", "R&D", "&unknownentity;", "&;", "x&y=1;z", "&& ;",
		"می\u200cخواهم", "👩‍🔬 and 👨‍👩‍👧", "क\u094d\u200dष", "שלום \u200fעולם", "a\u00a0b", "tab\tand\nline\r\n",
	} {
		for code, at := range found(s) {
			t.Errorf("%q: %s at %d", s, code, at)
		}
	}
}

func TestSame(t *testing.T) {
	type test struct {
		q, a, context string
		first         int
		want          problem.Code
	}
	tests := []test{
		{"What problem does AdaLoRA solve?", "It allocates the budget of parameters.", "", 0, ""},
		{"what problem  does AdaLoRA solve", "It allocates the budget of parameters", "", 0, "QA_DUP_QUESTION"},
		{"What problem does AdaLoRA solve?", "None.", "", 0, "QA_CONFLICTING_ANSWERS"},
		{"What problem does AdaLoRA solve?", "None.", "another passage", 0, ""},
		{"What problem does QA-LoRA solve?", "It allocates the budget of parameters.", "", 0, ""},
		{"Which is the main problem that AdaLoRA does solve?", "It allocates the budget of parameters.", "", 0, ""},
		{"What is the problem AdaLoRA did solve?", "It allocates the budget of all parameters.", "", 0, "QA_NEAR_DUP"},
		{"What does AdaLoRA solve, what problem?", "Quite another answer than before.", "", 0, ""},
		{"How many layers does it have in version 2?", "Twelve layers.", "", 0, ""},
		{"How many layers does it have in version 3?", "Twelve layers.", "", 0, ""},
		{"Does LoRA improve accuracy?", "Yes.", "", 0, ""},
		{"Does LoRA not improve accuracy?", "Yes.", "", 0, ""},
		{"这个模型是什么？", "一个。", "", 0, ""},
		{"这个模型是什么?", "一个。", "", 0, ""},
	}
	s := quality.NewSeen(len(tests), func(i int) (string, string, string) { return tests[i].q, tests[i].a, tests[i].context })
	for i, c := range tests {
		first, got := s.Add(i)
		if got != c.want || got != "" && first != c.first {
			t.Errorf("%d %q: %q to %d, want %q to %d", i, c.q, got, first, c.want, c.first)
		}
	}
}

func TestNotQuestion(t *testing.T) {
	for q, want := range map[string]bool{
		"opening hours": true, "Eamonn Humphreys.": true, "hello": true,
		"What is LoRA": false, "LoRA?": false, "Explain LoRA.": false, "In which year did it start": false, "什么是": false, "ما النسبة؟": false, "Qué es el corazón": false,
		"Given x = 1: find y": false, "Fill in: the ____ is": false, "Please tell me more": false, "What's new": false, "Differentiate between PSLV and GSLV.": false,
		"The model was trained on three datasets whose names are not given in the text but which can be found in the appendix of the paper and elsewhere": false,
	} {
		if got := quality.NotQuestion(q); got != want {
			t.Errorf("%q: %v", q, got)
		}
	}
}

func TestTooLong(t *testing.T) {
	if _, _, long := quality.TooLong(strings.Repeat("长", 4000), strings.Repeat("文", 4192)); long {
		t.Error("8,192 characters are too many")
	}
	if _, _, long := quality.TooLong(strings.Repeat("a", 4001), strings.Repeat("b", 4192)); !long {
		t.Error("8,193 characters are not too many")
	}
}
