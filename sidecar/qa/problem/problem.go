// Package problem holds what can be wrong with a file of question-answer
// pairs: the codes, how grave each is, and the place in the file.
//
// # Design notes
//
// A code is a string and is written as such where it is raised
// ("QA_SYNTAX"), so that searching the source for what a report says leads to
// the line that says it. A test walks the source and refuses a code that the
// table below does not hold, and a code of the table that nobody raises.
package problem

// Severity is how grave a problem is. The zero value is an error.
type Severity uint8

// An Error keeps the file from being normalised, a Warning is worth a look,
// an Info is a remark.
const (
	Error Severity = iota
	Warning
	Info
)

// String gives the word that reports show.
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Info:
		return "info"
	default:
		return "error"
	}
}

// Problem is one thing that is wrong at one place of one file.
type Problem struct {
	Code     Code
	Severity Severity
	// Line and Column count from 1, the column in characters (Unicode code
	// points) of the file as decoded. Both are 0 where the problem is about
	// the file as a whole and no place in it.
	Line, Column int
	// Offset is the byte offset in the decoded text (UTF-8, without a byte
	// order mark); problems of a file are sorted by it.
	Offset int
	// Pointer is the JSON Pointer (RFC 6901) of the value or of the object
	// or list around the place; empty for the whole document. In JSON Lines
	// it is relative to the line's own value.
	Pointer string
	// Message says what is wrong; Hint what to do about it, or is empty.
	Message, Hint string
	// Excerpt is the source line, or a window of a very long one, and Caret
	// the index of the character (not byte) in it that the problem is at.
	Excerpt string
	Caret   int
}

// New makes a problem with the severity of its code, without a place.
func New(c Code, message, hint string) Problem {
	return Problem{Code: c, Severity: c.Severity(), Message: message, Hint: hint}
}
