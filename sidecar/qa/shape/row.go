package shape

import (
	"fmt"

	"qacorpus/sidecar/qa/tree"
)

// mapper turns objects into rows, reusing one row's memory.
type mapper struct {
	t   *tree.Tree
	row Row
}

// mostMembers is how many members a pair may have; what has more is something
// else, and would cost memory beyond all measure.
const mostMembers = 1000

// reset makes the row of obj empty.
func (m *mapper) reset(obj uint32) *Row {
	m.row = Row{Node: obj, Members: m.row.Members[:0], Q: -1, A: -1, C: -1}
	return &m.row
}

// read turns any element of a list of pairs into a row.
func (m *mapper) read(n uint32) *Row {
	r := m.reset(n)
	if m.t.Kind(n) != '{' {
		r.Alien = true
		return r
	}
	k := readKeys(m.t, n)
	if k.n > mostMembers {
		r.Alien = !k.has(idQuestion)
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", n, fmt.Sprintf("this object has %d members, and a pair has a few", k.n), "split what grew together")
		return r
	}
	q, a, kind := m.choose(&k)
	if r.Issue != nil {
		return r
	}
	if q == idNone && a == idNone {
		return m.nested(&k)
	}
	if kind != "" {
		r.Kind, r.Level = kind, Converted
	}
	m.members(&k, q, a)
	m.unlist()
	return r
}

// choose finds the keys of question and answer. kind names a shape of its
// own; it is empty where only the spelling of keys is at stake.
func (m *mapper) choose(k *keys) (q, a id, kind string) {
	if m.spelledTwice(k) || m.rated(k) {
		return idNone, idNone, ""
	}
	switch {
	case k.has(idQuestion):
		q, a = m.answerOf(k, idQuestion)
	case k.has(idQ):
		q, a = m.answerOf(k, idQ)
	case k.has(idUserInput) && k.has(idReference):
		return idUserInput, idReference, "ragas"
	case k.has(idQuery):
		q, a = m.answerOf(k, idQuery)
	case k.has(idInstruction):
		return m.instruction(k)
	case k.has(idPrompt):
		q, a = m.answerOf(k, idPrompt)
		kind = "prompt-completion"
	case k.has(idInput) && k.has(idExpectedOutput):
		return idInput, idExpectedOutput, "deepeval"
	case k.has(idAnswer):
		return idNone, idAnswer, ""
	}
	return q, a, kind
}

// answersTo lists the keys that can be the answer, besides answer itself, to
// a question under the key q. Beside query, whose other meaning is a search
// or a database, only names that speak of answers count.
func answersTo(q id) []id {
	switch q {
	case idPrompt:
		return []id{idCompletion, idResponse}
	case idQuery:
		return []id{idReferenceAnswer, idExpectedAnswer, idGoldAnswer, idCorrectAnswer}
	}
	return []id{idResponse, idReference, idSolution, idExpectedAnswer, idCompletion, idGroundTruth, idReferenceAnswer, idGoldAnswer, idCorrectAnswer, idModelAnswer}
}

// answerOf finds the answer to a question under the key q. A question may be
// without one, and is then reported; a query or a prompt is something else.
func (m *mapper) answerOf(k *keys, q id) (id, id) {
	if k.has(idAnswer) {
		return q, idAnswer
	}
	if k.has(idA) && (q == idQ || q == idQuestion) {
		return q, idA
	}
	a, many := k.one(answersTo(q)...)
	switch {
	case many:
		m.ambiguous(k, answersTo(q))
		return idNone, idNone
	case a == idNone && k.has(idAnswers):
		return q, idAnswers
	case a == idNone && q != idQuestion && q != idQ:
		return idNone, idNone
	}
	return q, a
}

// rated recognises what looks like pairs and is judged or to be chosen from:
// an answer that is marked as bad, or one of several options, must not be
// learnt.
func (m *mapper) rated(k *keys) bool {
	message := ""
	switch {
	case k.has(idChosen) && k.has(idRejected):
		message = "these are preferences (chosen and rejected answers), not pairs"
	case k.has(idLabel) && m.t.Kind(m.t.Next(k.key[idLabel])) == 'n' && (k.has(idPrompt) || k.has(idMessages) || k.has(idConversations)):
		message = "these are rated completions, not pairs"
	case (k.has(idOptions) || k.has(idChoices)) && (!k.has(idAnswer) || m.t.Kind(m.t.Next(k.key[idAnswer])) != '"'):
		message = "these are multiple-choice questions"
	default:
		return false
	}
	m.row.Alien = true
	m.row.Issue = m.issue("QA_SHAPE_UNSUPPORTED", m.row.Node, message, unsupportedHint)
	return true
}

const unsupportedHint = "no pairs can be made of it without choosing among answers"

// instruction tells Alpaca from Dolly.
func (m *mapper) instruction(k *keys) (q, a id, kind string) {
	a, many := k.one(idOutput, idResponse, idAnswer, idCompletion)
	switch {
	case many:
		m.ambiguous(k, []id{idOutput, idResponse, idAnswer, idCompletion})
		return idNone, idNone, ""
	case a == idNone:
		return idNone, idNone, ""
	case a == idResponse:
		return idInstruction, a, "dolly"
	}
	return idInstruction, a, "alpaca"
}

// spelledTwice reports a question, an answer or a context that is there in
// two spellings, and an answer beside which another one stands that is known
// to compete with it: in the older format of RAGAS and in logs of models,
// answer is the model's and ground_truth the right one.
func (m *mapper) spelledTwice(k *keys) bool {
	for _, i := range [...]id{idQuestion, idAnswer, idContext} {
		if k.twice[i] {
			m.row.Issue = m.issue("QA_KEY_AMBIGUOUS", k.key[i],
				fmt.Sprintf("the key %q is there in two spellings", m.t.Text(k.key[i])),
				"keep the one that is meant and rename the other")
			return true
		}
	}
	if k.has(idQuestion) && k.has(idQ) && !k.exact[idQuestion] {
		m.row.Issue = m.issue("QA_KEY_AMBIGUOUS", k.key[idQ], "two keys can be the question", "keep the one that is meant and rename the other")
		return true
	}
	for _, i := range [...]id{idGroundTruth, idModelAnswer} {
		if k.has(idAnswer) && k.has(i) && !m.sameValue(k.key[idAnswer], k.key[i]) {
			m.ambiguous(k, []id{idAnswer, i})
			return true
		}
	}
	return false
}

// sameValue compares the values of two keys as they are written.
func (m *mapper) sameValue(a, b uint32) bool {
	return m.t.Raw(m.t.Next(a)) == m.t.Raw(m.t.Next(b))
}

// ambiguous sets the issue that more than one key can be the answer.
func (m *mapper) ambiguous(k *keys, among []id) {
	names, at := "", uint32(0)
	for _, i := range among {
		if k.has(i) {
			if names != "" {
				names += " and "
			}
			names += fmt.Sprintf("%q", m.t.Text(k.key[i]))
			at = k.key[i]
		}
	}
	m.row.Issue = m.issue("QA_KEY_AMBIGUOUS", at, names+" can each be the answer",
		`rename the right one to "answer" and the other to something else`)
}

func (m *mapper) issue(c code, n uint32, message, hint string) *issue {
	return &issue{Code: c, Node: n, Message: message, Hint: hint}
}

// members fills in the row's members from the object, renaming keys.
func (m *mapper) members(k *keys, q, a id) {
	t, r := m.t, &m.row
	qKey, aKey, cKey := k.key[q], k.key[a], k.key[idContext]
	rename := func(key uint32, to string) string {
		if key == 0 || t.Is(key, to) {
			return ""
		}
		r.Level = max(r.Level, Keys)
		return to
	}
	for c, end := t.First(r.Node), t.Next(r.Node); c < end; {
		v := t.Next(c)
		mem := Member{Key: c, Val: v}
		switch c {
		case qKey:
			mem.Name, r.Q = rename(c, "question"), len(r.Members)
		case aKey:
			mem.Name, r.A = rename(c, "answer"), len(r.Members)
		case cKey:
			mem.Name, r.C = rename(c, "context"), len(r.Members)
		}
		c = t.Next(v)
		if r.Kind == "alpaca" && k.key[idInput] == mem.Key && m.alpacaInput(&mem) {
			continue
		}
		if r.Kind == "deepeval" && r.C == len(r.Members) && t.Kind(v) != '"' {
			mem.Name, r.C = "contexts", -1
		}
		r.Members = append(r.Members, mem)
	}
}

// alpacaInput handles Alpaca's input. Empty, it says that there is none and
// goes. Else it is taken for the context, which is one reading of several: it
// may as well be a part of the question.
func (m *mapper) alpacaInput(mem *Member) (drop bool) {
	t, r := m.t, &m.row
	if t.Kind(mem.Val) == '"' && t.Text(mem.Val) == "" {
		return true
	}
	r.Level = Loose
	if r.C < 0 {
		mem.Name, r.C = "context", len(r.Members)
	}
	return false
}
