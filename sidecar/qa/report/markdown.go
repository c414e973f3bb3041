package report

import (
	"fmt"
	"io"
	"strings"

	"qacorpus/sidecar/qa/problem"
)

// Markdown writes the report that lies beside a file: a heading, how many
// problems there are, and the text of Text in a fence that nothing in it can
// close.
func Markdown(w io.Writer, f File) error {
	var body strings.Builder
	if err := Text(&body, f); err != nil {
		return err
	}
	fence := "```"
	for strings.Contains(body.String(), fence) {
		fence += "`"
	}
	name := Visible(f.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "# Problems in %s\n\n", escape(name))
	fmt.Fprintf(&b, "%s. %s\n\n", Count(f.Problems), advice(f.Problems))
	fmt.Fprintf(&b, "%stext\n%s%s\n", fence, body.String(), fence)
	_, err := io.WriteString(w, b.String())
	return err
}

// advice says what becomes of the file and of the report.
func advice(problems []problem.Problem) string {
	for _, p := range problems {
		if p.Severity == problem.Error {
			return "The file is left as it is until its errors are mended; then this report goes away."
		}
	}
	return "Nothing here keeps the file from being used."
}

// escape keeps a file name from being read as Markdown.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "<", `\<`, "#", `\#`).Replace(s)
}

// Count says in words how many problems of each severity there are, "2
// errors, 1 warning"; without any it says "no problems".
func Count(problems []problem.Problem) string {
	var n [3]int
	for _, p := range problems {
		n[p.Severity]++
	}
	var parts []string
	for s, name := range [...]string{"error", "warning", "remark"} {
		switch {
		case n[s] == 1:
			parts = append(parts, "1 "+name)
		case n[s] > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n[s], name))
		}
	}
	if parts == nil {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}
