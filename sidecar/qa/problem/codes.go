package problem

// Code names a kind of problem. Codes are part of the interface: scripts
// match on them.
type Code string

// row ties a code to its severity and to one sentence that says what it is
// about, for documentation and for SARIF's list of rules.
type row struct {
	code     Code
	severity Severity
	about    string
}

// table lists every code there is, in the order of the documentation.
// It is an array inside a function so that nothing can change it.
func table() []row {
	return []row{
		{"QA_EMPTY", Error, "The file holds nothing but white space."},
		{"QA_ENCODING", Error, "The file is not UTF-8, nor UTF-16 or UTF-32 with a byte order mark."},
		{"QA_SYNTAX", Error, "The text is not JSON at this place."},
		{"QA_TRAILING_DATA", Error, "Something follows the end of the JSON value."},
		{"QA_TRUNCATED", Error, "The file ends before the JSON value does."},
		{"QA_BAD_ESCAPE", Error, "A backslash is followed by something that JSON does not know."},
		{"QA_NONFINITE", Error, "NaN and Infinity are not JSON numbers."},
		{"QA_DUP_KEY", Error, "The same key occurs twice in one object."},
		{"QA_SURROGATE", Error, "Half of a surrogate pair stands alone."},
		{"QA_TOO_DEEP", Error, "The nesting is deeper than any reader accepts."},
		{"QA_TOO_BIG", Error, "The file is larger than the configured limit."},
		{"QA_MERGE_CONFLICT", Error, "The file holds the markers of an unfinished git merge."},
		{"QA_HTML_WRAPPER", Error, "The JSON is wrapped in HTML, or the file is a web page."},
		{"QA_SHAPE_UNKNOWN", Error, "No question-answer pairs were recognised."},
		{"QA_SHAPE_UNSUPPORTED", Error, "The shape is known and cannot be turned into pairs without loss."},
		{"QA_SHAPE_AMBIGUOUS", Error, "The shape can be read as pairs in more than one way."},
		{"QA_KEY_AMBIGUOUS", Error, "More than one key can be the question or the answer."},
		{"QA_COLUMNS_LENGTH", Error, "The columns of questions and answers have different lengths."},
		{"QA_MISSING", Error, "A pair lacks its question or its answer."},
		{"QA_TYPE", Error, "A question, an answer or a context is not text."},
		{"QA_EMPTY_TEXT", Error, "A question or an answer is empty."},
		{"QA_DUP_QUESTION", Warning, "The same question and answer occur more than once."},
		{"QA_CONFLICTING_ANSWERS", Warning, "The same question has different answers."},
		{"QA_NEAR_DUP", Warning, "Two pairs ask nearly the same."},
		{"QA_LEAKAGE", Warning, "The same question is in training and in evaluation data."},
		{"QA_TOO_LONG", Warning, "The pair is longer than usual training set-ups read."},
		{"QA_TEMPLATE_MARKER", Warning, "The text holds a marker of a chat template or an unfilled placeholder."},
		{"QA_LATEX_ESCAPE", Warning, "A LaTeX command lost its backslash to a JSON escape."},
		{"QA_MOJIBAKE", Warning, "The text was decoded with the wrong character set."},
		{"QA_UNGROUNDED", Warning, "The paper does not contain what the pair claims."},
		{"QA_NO_PDF", Warning, "No PDF belongs to this file."},
		{"QA_CONFLICT_COPY", Warning, "The file is a sync client's conflict copy."},
		{"QA_NOT_QUESTION", Info, "The question does not read like one."},
		{"QA_HTML_ENTITY", Info, "The text holds HTML entities."},
		{"QA_INVISIBLE", Info, "The text holds invisible characters."},
	}
}

// Codes lists every code in the order of the documentation.
func Codes() []Code {
	t := table()
	codes := make([]Code, len(t))
	for i, r := range t {
		codes[i] = r.code
	}
	return codes
}

// Severity is the severity that the code always has. A code outside the
// table is an error, so that a misspelt one is not overlooked.
func (c Code) Severity() Severity {
	for _, r := range table() {
		if r.code == c {
			return r.severity
		}
	}
	return Error
}

// About says in one sentence what the code is for, or "" where there is no
// such code.
func (c Code) About() string {
	for _, r := range table() {
		if r.code == c {
			return r.about
		}
	}
	return ""
}
