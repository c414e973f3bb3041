package quality

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters question and answer may have together: the
// usual 2,048 tokens of fine-tuning at four characters a token, the rule of
// thumb for English (https://platform.openai.com/tokenizer).
const longest = 4 * 2048

// TooLong says that question and answer together are longer than usual
// training set-ups read.
func TooLong(question, answer string) (message, hint string, long bool) {
	if len(question)+len(answer) <= longest {
		return "", "", false
	}
	n := utf8.RuneCountInString(question) + utf8.RuneCountInString(answer)
	if n <= longest {
		return "", "", false
	}
	return fmt.Sprintf("question and answer have %d characters together, about %d tokens", n, n/4),
		"training usually cuts off after 2,048 tokens; shorten or split it", true
}

// NotQuestion says that a question does not read like one: no question mark,
// and not a word that begins a question or a task. Only the Latin script is
// judged, and only one sentence.
func NotQuestion(q string) bool {
	q = strings.TrimSpace(q)
	if strings.ContainsAny(q, "?？؟;⁇_") || strings.ContainsAny(q, "\n:") {
		return false
	}
	words := 0
	for _, r := range q {
		switch {
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			return false
		case r >= 0x80 && unicode.IsLetter(r):
			return false // another language than English, most likely
		case r == ' ':
			words++
		}
	}
	first, _, _ := strings.Cut(q, " ")
	first = strings.ToLower(strings.TrimFunc(first, unicode.IsPunct))
	first, _, _ = strings.Cut(first, "'")
	return words < 25 && !asks(first)
}

// asks says that the word begins a question or a task.
func asks(w string) bool {
	switch w {
	case "what", "whats", "what’s", "which", "who", "whos", "whom", "whose", "when", "where", "why", "how", "hows", "is", "are", "am", "was", "were", "do", "does", "did",
		"can", "could", "should", "shall", "will", "would", "may", "might", "must", "has", "have", "had", "isn", "aren", "doesn", "don", "didn", "can't":
		return true
	case "in", "on", "at", "for", "from", "with", "by", "of", "to", "under", "according", "given", "if", "suppose", "consider", "assume", "let", "during", "after", "before":
		return true
	case "explain", "describe", "define", "differentiate", "distinguish", "difference", "predict", "compress", "fetch", "correct", "fix", "edit", "continue", "list", "name", "give", "tell", "summarize", "summarise", "compare", "contrast", "discuss", "state", "identify", "write",
		"calculate", "compute", "find", "prove", "show", "derive", "outline", "provide", "analyze", "analyse", "evaluate", "determine", "create", "design",
		"implement", "generate", "translate", "solve", "mention", "specify", "elaborate", "illustrate", "classify", "rewrite", "complete", "choose", "select",
		"justify", "estimate", "convert", "extract", "propose", "suggest", "interpret", "please", "draw", "draft", "make", "build", "add", "remove", "set",
		"use", "run", "check", "install", "copy", "move", "delete", "rename", "print", "display", "open", "search", "count", "sort", "change", "start", "stop":
		return true
	}
	return false
}
