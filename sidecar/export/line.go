package export

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// formats gives the function that appends one pair, without a line end.
func formats(name string) (line func(dst []byte, p Pair, context bool) []byte, ok bool) {
	switch name {
	case "", "jsonl":
		return jsonl, true
	case "alpaca":
		return alpaca, true
	case "messages":
		return messages, true
	case "sharegpt":
		return sharegpt, true
	}
	return nil, false
}

// jsonl is what the notebook's json.dump writes for {"question", "answer"}, and
// with contexts for {"question", "answer", "context"}.
func jsonl(dst []byte, p Pair, context bool) []byte {
	dst = appendString(append(dst, `{"question": `...), p.Question)
	dst = appendString(append(dst, `, "answer": `...), p.Answer)
	if context {
		dst = appendString(append(dst, `, "context": `...), p.Context)
	}
	return append(dst, '}')
}

// alpaca is the format of https://github.com/tatsu-lab/stanford_alpaca.
func alpaca(dst []byte, p Pair, context bool) []byte {
	if !context {
		p.Context = ""
	}
	dst = appendString(append(dst, `{"instruction": `...), p.Question)
	dst = appendString(append(dst, `, "input": `...), p.Context)
	dst = appendString(append(dst, `, "output": `...), p.Answer)
	return append(dst, '}')
}

// messages is OpenAI's chat format; see
// https://platform.openai.com/docs/guides/supervised-fine-tuning.
func messages(dst []byte, p Pair, context bool) []byte {
	dst = appendString(append(dst, `{"messages": [{"role": "user", "content": `...), prompt(p, context))
	dst = appendString(append(dst, `}, {"role": "assistant", "content": `...), p.Answer)
	return append(dst, `}]}`...)
}

// sharegpt is the format of https://github.com/lm-sys/FastChat.
func sharegpt(dst []byte, p Pair, context bool) []byte {
	dst = appendString(append(dst, `{"conversations": [{"from": "human", "value": `...), prompt(p, context))
	dst = appendString(append(dst, `}, {"from": "gpt", "value": `...), p.Answer)
	return append(dst, `}]}`...)
}

// prompt puts the context, if it is wanted, before the question.
func prompt(p Pair, context bool) string {
	if !context || p.Context == "" {
		return p.Question
	}
	return p.Context + "\n\n" + p.Question
}

// appendString writes a string as Python's json.dumps does by default: ASCII
// only, short escapes where there are, else \u with small digits, surrogate
// pairs beyond U+FFFF.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i, r := range s {
		if r >= ' ' && r < 0x7f && r != '"' && r != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + len(string(r))
		switch r {
		case '"', '\\':
			dst = append(dst, '\\', byte(r))
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		default:
			if r > 0xffff {
				hi, lo := utf16.EncodeRune(r)
				dst = appendHex(appendHex(dst, hi), lo)
			} else {
				dst = appendHex(dst, r)
			}
		}
	}
	return append(append(dst, s[from:]...), '"')
}

func appendHex(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}

// strip is Python's str.strip: what str.isspace calls white space is Unicode's,
// and the four separators U+001C to U+001F.
func strip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// plain is the text in lower case with single spaces.
func plain(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
