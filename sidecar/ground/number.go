package ground

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// number is a number as a text gives it.
type number struct {
	start, end int     // bytes in the text, with its unit of scale
	value      float64 // the digits
	unit       float64 // what one step of the last digit is worth
	scale      float64 // 1, or what "million", "B" … make of it
	percent    bool
	decimal    bool // has a decimal point
	comma      bool // is it a decimal comma, or a list without spaces?
	hedged     bool // about, over, nearly …
	name       bool // belongs to a name or a version: GPT-3, v2, 3.2.1
	marker     bool // counts a list, or cites: (1), [12]
}

// telling tells whether the number is one that a paper would print: counts up
// to a dozen are often the writer's own.
func (n number) telling() bool {
	return !n.marker && (n.decimal || n.percent || n.scale != 1 || n.value > 12)
}

// numbersIn finds the numbers written in digits.
func numbersIn(s string) iter.Seq[number] {
	return func(yield func(number) bool) {
		for i := 0; i < len(s); {
			if !isDigit(s[i]) {
				i++
				continue
			}
			n := scanNumber(s, i)
			if !yield(n) {
				return
			}
			i = max(n.end, i+1)
		}
	}
}

// scanNumber reads the number that starts at s[i].
func scanNumber(s string, i int) number {
	n := number{start: i, scale: 1, unit: 1}
	var digits []byte
	j := i
	for j < len(s) && isDigit(s[j]) {
		digits = append(digits, s[j])
		j++
	}
	// thousands: a comma, an apostrophe or a thin space, and exactly three digits
	for ok := j-i <= 3; ok; {
		var k int
		if k, ok = nextGroup(s, j); ok {
			digits = append(digits, s[k:k+3]...)
			j = k + 3
		}
	}
	if j+1 < len(s) && s[j] == '.' && isDigit(s[j+1]) {
		n.decimal = true
		digits = append(digits, '.')
		for j++; j < len(s) && isDigit(s[j]); j++ {
			digits = append(digits, s[j])
			n.unit /= 10
		}
		for j+1 < len(s) && s[j] == '.' && isDigit(s[j+1]) { // 3.2.1
			n.name = true
			for j++; j < len(s) && isDigit(s[j]); j++ {
			}
		}
	}
	if j+1 < len(s) && s[j] == ',' && isDigit(s[j+1]) && !n.decimal && j-i <= 3 {
		n.decimal, n.comma = true, true
		digits = append(digits, '.')
		for j++; j < len(s) && isDigit(s[j]); j++ {
			digits = append(digits, s[j])
			n.unit /= 10
		}
	}
	n.value, _ = strconv.ParseFloat(string(digits), 64)
	n.end = j
	n.before(s)
	n.after(s)
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isGroup(s string) bool { return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) }

// nextGroup finds a separator of thousands and three digits at s[j:].
func nextGroup(s string, j int) (digits int, ok bool) {
	for _, sep := range [...]string{",", "'", "’", "\u00a0", "\u202f", "\u2009", "{,}"} {
		if strings.HasPrefix(s[j:], sep) {
			k := j + len(sep)
			if isGroup(s[k:]) && (k+3 == len(s) || !isDigit(s[k+3])) {
				return k, true
			}
		}
	}
	return 0, false
}

// before looks at what stands in front of the number.
func (n *number) before(s string) {
	head := s[:n.start]
	if head == "" {
		n.marker = listMark(s, n)
		return
	}
	switch c := head[len(head)-1]; {
	case isLetter(c):
		n.name = true
	case c == '.' && len(head) > 1 && !isDigit(head[len(head)-2]) && n.value != 0: // .05
		for range n.end - n.start {
			n.unit /= 10
		}
		n.value *= n.unit
		n.decimal = true
	case c == '[' || c == '(' || c == '\n':
		n.marker = listMark(s, n)
	case c == '-' && len(head) > 1 && isLetter(head[len(head)-2]):
		w := lastWord(head[:len(head)-1])
		n.name = w[0] >= 'A' && w[0] <= 'Z'
	case c == ' ' || c == ',':
		t := strings.TrimRight(head, " ")
		n.marker = listMark(s, n) && (t == "" || strings.IndexByte(":;,.[\n", t[len(t)-1]) >= 0 || strings.HasSuffix(t, "and"))
	}
	lead := strings.ToLower(strings.TrimRight(head[max(0, len(head)-24):], " ~≈<>"))
	n.hedged = hedges(lastWord(lead)) || strings.HasSuffix(lead, "up to") || strings.HasSuffix(lead, "close to") ||
		strings.HasSuffix(head, "~") || strings.HasSuffix(head, "≈")
}

// listMark tells whether the number is closed like (1), 2) or [3], or is 4. at
// the start of a line.
func listMark(s string, n *number) bool {
	if n.decimal || n.value > 300 || n.end >= len(s) {
		return false
	}
	switch s[n.end] {
	case ')', ']':
		return true
	case ',', ';':
		return n.start > 0 && (s[n.start-1] == '[' || strings.LastIndexByte(s[:n.start], '[') > strings.LastIndexByte(s[:n.start], ']'))
	case '.':
		return n.end+1 < len(s) && s[n.end+1] == ' '
	}
	return false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

func lastWord(s string) string {
	i := len(s)
	for i > 0 && isLetter(s[i-1]) {
		i--
	}
	if i == len(s) {
		return " "
	}
	return s[i:]
}

func hedges(w string) bool {
	switch w {
	case "about", "around", "roughly", "approximately", "approx", "over", "nearly", "almost", "than", "least", "most", "under", "above", "below", "circa", "some", "exceeding", "beyond", "near", "within":
		return true
	}
	return false
}

// after looks at what follows the number: percent, thousand, B …
func (n *number) after(s string) {
	tail := s[n.end:]
	space := len(tail) - len(strings.TrimLeft(tail, " \u00a0-"))
	t := tail[space:]
	for _, p := range [...]string{"%", "\\%", "％", "percent", "per cent"} {
		if strings.HasPrefix(t, p) {
			n.percent = true
			n.end += space + len(p)
			return
		}
	}
	w := t[:wordEnd(t)]
	if w == "" {
		return
	}
	switch w {
	case "st", "nd", "rd", "th":
		n.marker = space == 0
		return
	case "K", "k":
		n.scale = 1e3
	case "M", "MM":
		n.scale = 1e6
	case "B", "bn":
		n.scale = 1e9
	case "T":
		n.scale = 1e12
	default:
		if n.scale = scaleOf(strings.ToLower(w)); n.scale != 1 {
			n.end += space + len(w)
		}
		return
	}
	if space > 0 { // a unit of its own, not a scale
		n.scale = 1
		return
	}
	n.end += len(w)
}

func wordEnd(s string) int {
	for i := range len(s) {
		if !isLetter(s[i]) {
			return i
		}
	}
	return len(s)
}

func scaleOf(w string) float64 {
	switch strings.TrimSuffix(w, "s") {
	case "hundred":
		return 100
	case "thousand":
		return 1e3
	case "million":
		return 1e6
	case "billion":
		return 1e9
	case "trillion":
		return 1e12
	}
	return 1
}

// appendNumbers adds every number that the text writes in digits, each with and
// without its scale.
func appendNumbers(dst []float64, s string) []float64 {
	for n := range numbersIn(s) {
		dst = append(dst, n.value)
		if n.comma {
			dst = appendRuns(dst, s[n.start:n.end])
		}
		if n.scale != 1 {
			dst = append(dst, n.value*n.scale)
		}
	}
	return dst
}

// appendNumberWords adds every number that the paper writes in words: three,
// thirty-three, three million.
func (p *Paper) appendNumberWords(dst []float64) []float64 {
	values, scales := make([]float64, len(p.terms)), make([]float64, len(p.terms))
	for w, id := range p.terms {
		values[id], scales[id] = wordValue(w), scaleOf(w)
	}
	last := 0.0 // the number word before this word
	for _, w := range p.words {
		v := values[w.term]
		if sc := scales[w.term]; sc != 1 && last > 0 {
			v = last * sc
		} else if last >= 20 && last < 100 && v > 0 && v < 10 {
			v += last
		}
		if v >= 0 {
			dst = append(dst, v)
		}
		last = v
	}
	return dst
}

// appendRuns adds each run of digits as a number of its own.
func appendRuns(dst []float64, s string) []float64 {
	for _, d := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if v, err := strconv.ParseFloat(d, 64); err == nil {
			dst = append(dst, v)
		}
	}
	return dst
}

// wordValue gives the value of a number word, or -1.
func wordValue(w string) float64 {
	switch w {
	case "half", "halves", "halved", "halving":
		return 50 // per cent
	case "quarter", "quarters":
		return 25
	case "twice", "double", "doubles", "doubled":
		return 2
	case "triple", "thrice", "tripled":
		return 3
	case "hundred", "hundreds":
		return 100
	case "thousand":
		return 1000
	case "million":
		return 1e6
	case "billion":
		return 1e9
	case "dozen":
		return 12
	}
	small := [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	if i := slices.Index(small[:], w); i >= 0 {
		return float64(i)
	}
	tens := [...]string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	if i := slices.Index(tens[:], w); i >= 0 {
		return float64(20 + 10*i)
	}
	return -1
}

// hasNumber tells whether the paper has the number of the text s, or one that
// rounds to it.
func (p *Paper) hasNumber(s string, n number) bool {
	within := n.unit / 2
	if n.hedged {
		within = roundness(n)
	}
	if p.hasValue(n.value, within) || n.scale != 1 && p.hasValue(n.value*n.scale, within*n.scale) {
		return true
	}
	if n.decimal && p.hasValue(n.value+0.49*n.unit, 0.49*n.unit) { // cut off instead of rounded
		return true
	}
	if n.comma { // 2,4,8
		missing := func(v float64) bool { return v > 12 && !p.hasValue(v, 0) }
		return !slices.ContainsFunc(appendRuns(nil, s[n.start:n.end]), missing)
	}
	switch {
	case n.percent: // 0.95, or the 5 % that are left
		return p.hasValue(n.value/100, within/100) || n.value < 100 && p.hasValue(100-n.value, within)
	case n.value < 1:
		return p.hasValue(n.value*100, within*100)
	case n.decimal && n.unit > 0.0009 && n.unit < 0.0011: // 1.250, as other languages write 1,250
		return p.hasValue(n.value*1000, 0)
	}
	return false
}

// hasValue tells whether the paper has a number at most tol away from v.
func (p *Paper) hasValue(v, tol float64) bool {
	tol += v * 1e-9
	i, _ := slices.BinarySearch(p.numbers, v-tol)
	return i < len(p.numbers) && p.numbers[i] <= v+tol
}

// roundness is the worth of the last digit that is not a trailing zero.
func roundness(n number) float64 {
	unit := n.unit
	for v := n.value; !n.decimal && v > 0 && math.Mod(v, unit*10) == 0; {
		unit *= 10
	}
	return unit
}
