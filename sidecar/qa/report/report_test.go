package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/report"
)

// problems are those of a file with that content.
func problems(name, in string) report.File {
	return report.File{Name: name, Problems: qa.Normalise([]byte(in), qa.Options{Name: name, Asked: true}).Problems}
}

func text(t *testing.T, files ...report.File) string {
	t.Helper()
	var b strings.Builder
	if err := report.Text(&b, files...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestText holds the form that scripts and editors' error matchers read.
func TestText(t *testing.T) {
	in := "{\"qa_pairs\": [\n  {\"question\": \"How?\", \"answer\": \"a\"},\n  {\"question\": \"Why?\" \"answer\": \"b\"},\n  {\"question\": \"What?\"}]}"
	want := `AdaLoRA.json:3:23: error QA_SYNTAX: expected ',' before "answer" (/qa_pairs/1)
   3 |   {"question": "Why?" "answer": "b"},
     |                       ^ add a comma
AdaLoRA.json:4:3: error QA_MISSING: the pair has no "answer" (/qa_pairs/2)
   4 |   {"question": "What?"}]}
     |   ^ add "answer"; its keys are "question"
`
	if got := text(t, problems("AdaLoRA.json", in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestCaret puts the caret under the character whatever stands before it.
func TestCaret(t *testing.T) {
	for title, before := range map[string]string{
		"ASCII": "abc", "wide": "有哪些组织", "combining": "e\u0301u\u0308", "emoji": "👩‍🔬🇩🇪", "tabs": "\t\tx", "half and half": "aéｶﾞＡ\u200b", "Arabic": "ما", "long": strings.Repeat("长", 500),
	} {
		in := "[{\"question\": \"" + strings.ReplaceAll(before, "\t", "") + "?\"," + strings.Repeat("\t", strings.Count(before, "\t")) + " \"answer\": 5}]"
		lines := strings.Split(text(t, problems("a.json", in)), "\n")
		if len(lines) < 3 {
			t.Fatalf("%s: %q", title, lines)
		}
		source, caret := lines[1], lines[2]
		at := strings.LastIndex(source, "5}]")
		if at < 0 {
			t.Fatalf("%s: %q", title, source)
		}
		caret, _, _ = strings.Cut(caret, "^")
		if strings.Count(caret, "\t") != strings.Count(source[:at], "\t") || uniseg.StringWidth(strings.ReplaceAll(caret, "\t", "")) != uniseg.StringWidth(strings.ReplaceAll(source[:at], "\t", "")) {
			t.Errorf("%s:\n%s\n%s^", title, source, caret)
		}
	}
}

// TestCaretOnCombining goes under the character that the mark belongs to.
func TestCaretOnCombining(t *testing.T) {
	f := report.File{Name: "a.json", Problems: []problem.Problem{{Code: "QA_INVISIBLE", Line: 1, Column: 3, Excerpt: "xe\u0301y", Caret: 2}}}
	if got := text(t, f); !strings.Contains(got, "     |  ^\n") {
		t.Errorf("got\n%s", got)
	}
}

// TestNames shows names with line breaks and bytes that are not UTF-8 on one
// line.
func TestNames(t *testing.T) {
	f := problems("Fine-Tuning:\n__A\xff \u202e.json", "")
	if got := text(t, f); !strings.HasPrefix(got, `Fine-Tuning:\n__A\xff \u202e.json:1:1: error QA_EMPTY: `) {
		t.Errorf("got %s", got)
	}
	var b strings.Builder
	if err := report.Lines(&b, f); err != nil {
		t.Fatal(err)
	}
	var line struct {
		File     string
		Bytes    []byte `json:"file_bytes"`
		Code     string
		Severity string
		Line     int
	}
	if err := json.Unmarshal([]byte(b.String()), &line); err != nil || string(line.Bytes) != f.Name || line.Code != "QA_EMPTY" || line.Severity != "error" || line.Line != 1 {
		t.Errorf("%s: %+v, %v", b.String(), line, err)
	}
	b.Reset()
	if err := report.GitHub(&b, f); err != nil || strings.Count(b.String(), "\n") != 1 || !strings.HasPrefix(b.String(), "::error file=Fine-Tuning%3A%0A__A") {
		t.Errorf("%s, %v", b.String(), err)
	}
}

// TestTerminal keeps control characters of a file away from the terminal.
func TestTerminal(t *testing.T) {
	got := text(t, problems("a.json", "[{\"question\": \"\x1b[31m \u202e ?\" \"answer\": \"b\"}]"))
	if strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, "\uFFFD[31m") {
		t.Errorf("got %q", got)
	}
}

func TestMarkdown(t *testing.T) {
	f := problems("a_b.json", "[{\"question\": \"```` ````` ?\", \"answer\": 5}, {\"question\": \"opening hours\", \"answer\": \"9\"}]")
	var b strings.Builder
	if err := report.Markdown(&b, f); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if !strings.HasPrefix(got, "# Problems in a\\_b.json\n\n1 error, 1 remark. The file is left as it is") || !strings.Contains(got, "\n``````text\n"+text(t, f)+"``````\n") {
		t.Errorf("got %s", got)
	}
	if report.Count(nil) != "no problems" {
		t.Error(report.Count(nil))
	}
}

// TestSARIF checks what viewers need: rules in the order of their indices,
// places, and columns in code points.
func TestSARIF(t *testing.T) {
	var b strings.Builder
	err := report.SARIF(&b, "1.0", problems("dir/a b.json", "[{\"question\": \"é\" \"answer\": 5}, {\"question\": \"opening\", \"answer\": \"9\"}]"), report.File{Name: "a:b.json", Problems: []problem.Problem{problem.New("QA_NO_PDF", "m", "h")}})
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" || len(run.Results) != 3 || len(run.Tool.Driver.Rules) != len(problem.Codes()) {
		t.Fatalf("%+v", log)
	}
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the index of %s", r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		}
	}
	first, last := run.Results[0], run.Results[2]
	if p := first.Locations[0].PhysicalLocation; first.Level != "error" || p.ArtifactLocation.URI != "dir/a%20b.json" || p.Region.StartColumn != 19 {
		t.Errorf("%+v", first)
	}
	if p := last.Locations[0].PhysicalLocation; last.Level != "warning" || p.ArtifactLocation.URI != "./a:b.json" || p.Region != nil {
		t.Errorf("%+v", last)
	}
	if run.Results[1].Level != "note" {
		t.Errorf("%+v", run.Results[1])
	}
}
