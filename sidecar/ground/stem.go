package ground

import "strings"

// stem cuts the endings that English adds to a word, roughly, so that adapters
// are found where the paper has adapter. It is not for display, and two words
// that happen to share a stem do no harm: many words decide together.
func stem(w string) string {
	if len(w) < 5 || w[0] < 'a' || w[0] > 'z' {
		return w
	}
	for _, e := range [...]string{"ational", "ization", "isation", "ations", "ation", "ators", "ingly", "ments", "ively", "ions", "ings", "ment", "able", "ally", "edly", "ness", "ive", "ion", "ing", "ies", "ers", "ize", "ise", "ly", "ed", "es", "er", "al", "s", "e", "y"} {
		if rest, ok := strings.CutSuffix(w, e); ok && len(rest) >= 4 {
			w = rest
			break
		}
	}
	if n := len(w); n > 4 && w[n-1] == w[n-2] { // plann(ing)
		w = w[:n-1]
	}
	return w
}

// isStop tells whether the folded word says nothing about what a text is about.
func isStop(w string) bool {
	if len(w) < 2 {
		return w[0] < 0x80
	}
	switch w {
	case "an", "the", "of", "in", "on", "at", "to", "by", "for", "from", "with", "as", "and", "or", "but", "not", "no", "nor",
		"is", "are", "was", "were", "be", "been", "being", "it", "its", "this", "that", "these", "those", "which", "who", "whom",
		"what", "why", "how", "when", "where", "does", "do", "did", "has", "have", "had", "can", "could", "may", "might", "will",
		"would", "should", "their", "they", "them", "there", "here", "than", "then", "so", "such", "also", "more", "most", "both",
		"each", "other", "while", "into", "over", "under", "between", "during", "through", "without", "within", "about", "only",
		"using", "used", "use", "uses", "paper", "authors", "we", "our", "he", "she", "his", "her", "you", "your", "if", "all",
		"any", "some", "per", "via", "one", "even", "well", "thus", "thereby", "rather", "whether", "because", "due":
		return true
	}
	return false
}
