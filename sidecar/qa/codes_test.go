package qa_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// raised is a file that raises a code at a place, and one that comes close
// and does not.
type raised struct {
	code    problem.Code
	name    string // of the file, papers.json where empty
	in      string
	at      string // "line:column pointer"
	near    string
	options qa.Options
}

const good = `{"question": "What is LoRA?", "answer": "A method for fine-tuning."}`

var long = strings.Repeat("word ", 1700)

func raisedCodes() []raised {
	return []raised{
		{code: "QA_EMPTY", in: " \n\t\n", at: "1:1 ", near: `{"qa_pairs": []}`},
		{code: "QA_EMPTY", in: "// todo\n", at: "1:1 ", near: "// todo\n[]"},
		{code: "QA_ENCODING", in: "[\n  {\"question\": \"What is a caf\xe9?\", \"answer\": \"na\xefve\"}\n]", at: "2:30 ", near: `[{"question": "What is a café?", "answer": "naïve"}]`},
		{code: "QA_SYNTAX", in: "[\n  {\"question\": \"Why?\" \"answer\": \"b\"}\n]", at: "2:23 /0", near: "[\n  {\"question\": \"Why?\", \"answer\": \"b\"}\n]"},
		{code: "QA_TRAILING_DATA", in: "[" + good + "]\nHope this helps!", at: "2:1 ", near: "[" + good + "]\n// Hope this helps!"},
		{code: "QA_TRUNCATED", in: "{\"qa_pairs\": [\n  " + good + ",\n  {\"question\": \"How", at: "3:20 /qa_pairs/1/question", near: "{\"qa_pairs\": [\n  " + good + ",\n  {\"question\": \"How?\", \"answer\": \"So.\"}]}"},
		{code: "QA_BAD_ESCAPE", in: `[{"question": "What is \alpha?", "answer": "A rate."}]`, at: "1:24 /0/question", near: `[{"question": "What is \\alpha?", "answer": "A rate."}]`},
		{code: "QA_NONFINITE", in: `[{"question": "How?", "answer": "So.", "score": NaN}]`, at: "1:49 /0/score", near: `[{"question": "How?", "answer": "So.", "score": "NaN"}]`},
		{code: "QA_DUP_KEY", in: `[{"question": "How?", "answer": "So.", "answer": "Thus."}]`, at: "1:40 /0/answer", near: `[{"question": "How?", "answer": "So.", "answer2": "Thus."}]`},
		{code: "QA_SURROGATE", in: `[{"question": "Which \ud83d?", "answer": "So."}]`, at: "1:22 /0/question", near: `[{"question": "Which \ud83d\ude00?", "answer": "So."}]`},
		{code: "QA_TOO_DEEP", in: `{"qa_pairs": ` + strings.Repeat("[", 512), at: "1:525 ", near: `{"qa_pairs": [], "x": ` + strings.Repeat("[", 510) + strings.Repeat("]", 510) + "}"},
		{code: "QA_TOO_BIG", in: "[" + good + "]", at: "0:0 ", near: "[]", options: qa.Options{MaxSize: 20}},
		{code: "QA_MERGE_CONFLICT", name: "train.jsonl", in: "<<<<<<< HEAD\n" + good + "\n=======\n" + good + "\n>>>>>>> main\n", at: "1:1 , 5:1 ", near: `{"question": "What does <<<<<<< HEAD mean?", "answer": "A merge\n<<<<<<< HEAD\n"}`},
		{code: "QA_HTML_WRAPPER", in: "<script type=\"application/ld+json\">\n[" + good + "]\n</script>", at: "1:1 ", near: `[{"question": "What is <script>?", "answer": "An element."}]`},
		{code: "QA_SHAPE_UNKNOWN", in: `{"name": "package", "version": "1.0"}`, at: "1:1 ", near: `{"qa_pairs": [], "name": "package"}`},
		{code: "QA_SHAPE_UNSUPPORTED", in: `[{"prompt": "Hi", "chosen": "Hello", "rejected": "Go away"}]`, at: "1:2 /0", near: `[{"prompt": "Hi", "completion": "Hello", "rejected": "Go away"}]`},
		{code: "QA_SHAPE_AMBIGUOUS", in: `[{"instruction": "Summarise.", "input": "LoRA is…", "output": "It is a method."}]`, at: "1:2 /0", near: `[{"instruction": "Summarise LoRA.", "input": "", "output": "It is a method."}]`},
		{code: "QA_KEY_AMBIGUOUS", in: `[{"question": "How?", "response": "So.", "reference": "Thus."}]`, at: "1:42 /0/reference", near: `[{"question": "How?", "response": "So.", "source": "Thus."}]`},
		{code: "QA_COLUMNS_LENGTH", in: `{"question": ["How?", "Why?"], "answer": ["So."]}`, at: "1:32 /answer", near: `{"question": ["How?", "Why?"], "answer": ["So.", "Thus."]}`},
		{code: "QA_MISSING", in: "[" + good + `, {"question": "Why?"}]`, at: "1:72 /1", near: "[" + good + `, {"question": "Why?", "answer": "So."}]`},
		{code: "QA_TYPE", in: `[{"question": "How many?", "answer": 42}]`, at: "1:38 /0/answer", near: `[{"question": "How many?", "answer": "42", "page": 42}]`},
		{code: "QA_TYPE", in: `[{"question": "How many?", "answer": "42", "context": ["a"]}]`, at: "1:55 /0/context", near: `[{"question": "How many?", "answer": "42", "context": ""}]`},
		{code: "QA_EMPTY_TEXT", in: `[{"question": "How many?", "answer": " \n "}]`, at: "1:38 /0/answer", near: `[{"question": "How many?", "answer": " 7 "}]`},
		{code: "QA_DUP_QUESTION", in: "[" + good + ",\n" + good + "]", at: "2:15 /1/question", near: "[" + good + ",\n" + strings.Replace(good, "LoRA", "QLoRA", 1) + "]"},
		{code: "QA_CONFLICTING_ANSWERS", in: "[" + good + ",\n" + strings.Replace(good, "A method", "A radio", 1) + "]", at: "2:15 /1/question",
			near: `[{"question": "What is it?", "answer": "a", "context": "one"}, {"question": "What is it?", "answer": "b", "context": "two"}]`},
		{code: "QA_NEAR_DUP", in: `[{"question": "What is the main goal of DELIFT training?", "answer": "To select useful data."},` + "\n" + `{"question": "What was the goal of training DELIFT?", "answer": "To select useful data for tuning."}]`, at: "2:15 /1/question",
			near: `[{"question": "What is the main goal of DELIFT training?", "answer": "To select useful data."}, {"question": "What is the main goal of QLoRA training?", "answer": "To select useful data."}]`},
		{code: "QA_TOO_LONG", in: `[{"question": "What?", "answer": "` + long + `"}]`, at: "1:2 /0", near: `[{"question": "What?", "answer": "` + long[:8000] + `", "context": "` + long + `"}]`},
		{code: "QA_TEMPLATE_MARKER", in: `[{"question": "What? [/INST]", "answer": "So."}]`, at: "1:22 /0/question", near: `[{"question": "What does INST mean?", "answer": "It is [1] a marker."}]`},
		{code: "QA_TEMPLATE_MARKER", in: `[{"question": "Who are you?", "answer": "I am {{name}}."}]`, at: "1:47 /0/answer", near: `[{"question": "Who are you?", "answer": "$x_{{i}}$ and {name}."}]`},
		{code: "QA_LATEX_ESCAPE", in: `[{"question": "What is \frac{a}{b}?", "answer": "A fraction."}]`, at: "1:24 /0/question", near: `[{"question": "What is \tthe fraction?", "answer": "One\nabove\nthe other."}]`},
		{code: "QA_MOJIBAKE", in: `[{"question": "What is a cafÃ©?", "answer": "A place."}]`, at: "1:29 /0/question", near: `[{"question": "What is «CAFÉ»?", "answer": "Â, Ã and é."}]`},
		{code: "QA_CONFLICT_COPY", in: "[" + good + "]", at: "0:0 ", near: "", options: qa.Options{ConflictCopy: true}},
		{code: "QA_NOT_QUESTION", in: `[{"question": "opening hours", "answer": "9 to 5"}]`, at: "1:16 /0/question", near: `[{"question": "opening hours?", "answer": "9 to 5"}, {"question": "Describe LoRA.", "answer": "A method."}]`},
		{code: "QA_HTML_ENTITY", in: `[{"question": "What is R&amp;D?", "answer": "Research."}]`, at: "1:25 /0/question", near: `[{"question": "What is R&D; and Q&A?", "answer": "Research."}]`},
		{code: "QA_INVISIBLE", in: "[{\"question\": \"What is a\u200b?\", \"answer\": \"So.\"}]", at: "1:25 /0/question", near: `[{"question": "Who is 👩‍🔬 and ` + "می\u200cخواهم" + `?", "answer": "She.\n\tYes."}]`},
	}
}

func TestEveryCode(t *testing.T) {
	for i, c := range raisedCodes() {
		t.Run(fmt.Sprintf("%d_%s", i, c.code), func(t *testing.T) {
			o := c.options
			o.Asked = true
			if o.Name = c.name; o.Name == "" {
				o.Name = "papers.json"
			}
			got := qa.Normalise([]byte(c.in), o)
			if at := places(got, c.code); at != c.at {
				t.Errorf("%s at %q, want %q; all problems: %+v", c.code, at, c.at, got.Problems)
			}
			for _, p := range got.Problems {
				if p.Severity != p.Code.Severity() || p.Message == "" || p.Hint == "" {
					t.Errorf("incomplete problem %+v", p)
				}
			}
			if got.Failed() && (got.Changed || string(got.Output) != c.in) {
				t.Errorf("a file with an error was changed to %q", got.Output)
			}
			if c.near == "" {
				o.ConflictCopy = false
				c.near = c.in
			}
			near := qa.Normalise([]byte(c.near), o)
			if at := places(near, c.code); at != "" {
				t.Errorf("%s at %s in the near miss %s", c.code, at, c.near)
			}
		})
	}
}

// places lists where a code was raised.
func places(r qa.Result, c problem.Code) string {
	var at []string
	for _, p := range r.Problems {
		if p.Code == c {
			at = append(at, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Pointer))
		}
	}
	return strings.Join(at, ", ")
}

// TestCodesAreRaised holds the table against the source: no code that is
// raised nowhere, none that the table does not know.
func TestCodesAreRaised(t *testing.T) {
	// These need the paper, or other files, and are raised outside.
	outside := []problem.Code{"QA_LEAKAGE", "QA_UNGROUNDED", "QA_NO_PDF"}
	inSource := map[problem.Code]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == filepath.Join("problem", "codes.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "QA_") && s == strings.ToUpper(s) {
					inSource[problem.Code(s)] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tested := map[problem.Code]bool{}
	for _, c := range raisedCodes() {
		tested[c.code] = true
	}
	for _, c := range problem.Codes() {
		if slices.Contains(outside, c) {
			continue
		}
		if !inSource[c] || !tested[c] {
			t.Errorf("%s: raised in the source %v, tested %v", c, inSource[c], tested[c])
		}
		delete(inSource, c)
	}
	for c := range inSource {
		t.Errorf("%s is not in the table", c)
	}
}
