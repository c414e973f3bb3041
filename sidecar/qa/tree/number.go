package tree

import "strings"

// number reads a number, or reports what looks like one and is none.
func (p *parser) number() {
	i := p.pos
	if p.s[i] == '-' {
		i++
	}
	ok := true
	switch {
	case i < p.end && p.s[i] == '0':
		i++
	case i < p.end && '1' <= p.s[i] && p.s[i] <= '9':
		i = p.digits(i)
	default:
		ok = false
	}
	if ok && i < p.end && p.s[i] == '.' {
		j := p.digits(i + 1)
		ok = j > i+1
		i = j
	}
	if ok && i < p.end && (p.s[i] == 'e' || p.s[i] == 'E') {
		i++
		if i < p.end && (p.s[i] == '+' || p.s[i] == '-') {
			i++
		}
		j := p.digits(i)
		ok = j > i
		i = j
	}
	if ok && (i >= p.end || !wordByte(p.s[i])) {
		p.leaf(kindNumber, p.pos, i, 0)
		p.pos = i
		return
	}
	p.badNumber()
}

func (p *parser) digits(i int) int {
	for i < p.end && '0' <= p.s[i] && p.s[i] <= '9' {
		i++
	}
	return i
}

// badNumber reports the token that stands here and adds a Bad node for it.
func (p *parser) badNumber() {
	i := p.pos
	for i < p.end && wordByte(p.s[i]) {
		i++
	}
	w := p.s[p.pos:i]
	switch bare := strings.ToLower(strings.TrimLeft(w, "+-")); {
	case bare == "infinity" || bare == "inf" || bare == "nan":
		p.reportValue("QA_NONFINITE", p.pos, clip(w)+" is not a number of JSON", "write null, or a text")
	default:
		p.reportValue("QA_SYNTAX", p.pos, clip(w)+" is not a number of JSON", numberHint(w))
	}
	p.leaf(kindBad, p.pos, i, flagDamaged)
	p.pos = i
}

func numberHint(w string) string {
	switch u := strings.TrimLeft(w, "+-"); {
	case strings.HasPrefix(w, "+"):
		return "leave out the plus sign"
	case strings.HasPrefix(u, "."), strings.HasSuffix(u, "."):
		return "a decimal point needs digits on both sides"
	case strings.HasPrefix(u, "0x"), strings.HasPrefix(u, "0X"):
		return "write it in decimal"
	case len(u) > 1 && u[0] == '0' && '0' <= u[1] && u[1] <= '9':
		return "leave out the leading zeros, or put it in quotation marks"
	}
	return "put text in quotation marks"
}

// wordByte says whether c can be part of a number or a word.
func wordByte(c byte) bool {
	return isLetter(c) || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '+' || c == '-' || c == '$'
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
