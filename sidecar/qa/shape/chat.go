package shape

import "strings"

// nested reads rows whose question and answer lie deeper than in members of
// their own, and recognises those that hold no pair.
func (m *mapper) nested(k *keys) *Row {
	r := &m.row
	switch {
	case k.has(idMessages) && m.isArray(k.key[idMessages]):
		m.chat(k.key[idMessages], "messages", "role", "content")
	case k.has(idConversations) && m.isArray(k.key[idConversations]):
		m.chat(k.key[idConversations], "sharegpt", "from", "value")
	default:
		r.Alien = true
		m.foreign(k)
	}
	return r
}

func (m *mapper) isArray(key uint32) bool { return m.t.Kind(m.t.Next(key)) == '[' }

// talk is a conversation of one question and one answer: the nodes of what
// was said, 0 where nothing was.
type talk struct{ system, user, assistant uint32 }

// chat reads a conversation of one question and one answer, with or without
// a system message before them.
func (m *mapper) chat(key uint32, kind, role, content string) {
	t, r := m.t, &m.row
	r.Kind, r.Level = kind, Converted
	list := t.Next(key)
	var said talk
	for c, end := t.First(list), t.Next(list); c < end; c = t.Next(c) {
		if message, at := m.hear(&said, c, role, content); message != "" {
			m.refuse(at, message)
			return
		}
	}
	if said.user == 0 || said.assistant == 0 {
		m.refuse(list, "the conversation lacks its question or its answer")
		return
	}
	r.Q, r.A = 0, 1
	r.Members = append(r.Members, Member{Name: "question", Val: said.user}, Member{Name: "answer", Val: said.assistant})
	if said.system != 0 {
		r.Members = append(r.Members, Member{Name: "system", Val: said.system})
	}
	m.others(r.Node, key)
}

// hear takes one message into the conversation, or says what keeps it from
// being one question and one answer, and where.
func (m *mapper) hear(said *talk, n uint32, role, content string) (message string, at uint32) {
	t := m.t
	who, ok1 := t.Get(n, role)
	text, ok2 := t.Get(n, content)
	switch {
	case !ok1 || !ok2 || t.Kind(who) != '"':
		return "this message has no " + role + " or no " + content, n
	case t.Len(n) != 2:
		return "this message holds more than " + role + " and " + content, n
	case t.Kind(text) != '"':
		return "the " + content + " of this message is not plain text", text
	}
	switch strings.ToLower(t.Text(who)) {
	case "system":
		if said.system|said.user|said.assistant == 0 {
			said.system = text
			return "", 0
		}
	case "user", "human":
		if said.user|said.assistant == 0 {
			said.user = text
			return "", 0
		}
	case "assistant", "gpt", "model", "bot":
		if said.user != 0 && said.assistant == 0 {
			said.assistant = text
			return "", 0
		}
	case "tool", "function", "function_call", "observation":
		return "the conversation calls tools", who
	}
	return "the conversation has more than one question and one answer", n
}

// refuse marks the row as talk that is no pair.
func (m *mapper) refuse(n uint32, message string) {
	m.row.Alien = true
	m.row.Issue = m.issue("QA_SHAPE_UNSUPPORTED", n, message, "only one question and one answer can become a pair; split or leave out longer talk")
}

// others adds the members of obj but those named by the key nodes. Where a
// name is taken, the row cannot be read without losing one of the two.
func (m *mapper) others(obj uint32, but ...uint32) {
	m.othersNamed(obj, "", but...)
}

// othersNamed is others with a prefix for names that are taken.
func (m *mapper) othersNamed(obj uint32, prefix string, but ...uint32) {
	t := m.t
next:
	for c, end := t.First(obj), t.Next(obj); c < end; c = t.Next(t.Next(c)) {
		for _, b := range but {
			if b == c {
				continue next
			}
		}
		m.add(Member{Key: c, Val: t.Next(c)}, prefix)
	}
}

// add appends a member under a name that is still free.
func (m *mapper) add(mem Member, prefix string) {
	r := &m.row
	name := mem.Name
	if name == "" {
		name = m.t.Text(mem.Key)
	}
	if m.taken(name) {
		if name = prefix + name; prefix == "" || m.taken(name) {
			if r.Issue == nil {
				r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", mem.Val, "two values would get the same key "+`"`+name+`"`, "rename one of them")
			}
			return
		}
		mem.Name = name
	}
	if name == "context" && r.C < 0 && !mem.Made && m.t.Kind(mem.Val) == '"' {
		r.C = len(r.Members)
	}
	r.Members = append(r.Members, mem)
}

func (m *mapper) taken(name string) bool {
	for i := range m.row.Members {
		x := &m.row.Members[i]
		if x.Name == name || x.Name == "" && m.t.Is(x.Key, name) {
			return true
		}
	}
	return false
}

// foreign says what a row without question and answer is, where that is known.
func (m *mapper) foreign(k *keys) {
	message := ""
	switch {
	case k.has(idTurns):
		message = "these are prompts of several turns without answers"
	case k.has(idPatterns) && k.has(idTag):
		message = "these are intents with several patterns and responses each"
	case k.has(idAnnotations):
		message = "this is an export of Label Studio; its answers lie in annotations"
	case k.has(idFields) && k.n > 1:
		message = "this is an export of Argilla with several annotators"
	case k.has(idInputs) && k.has(idOutputs):
		message = "these are examples of LangSmith with inputs and outputs apart"
	case k.has(idQuestions) && m.isArray(k.key[idQuestions]):
		message = "the questions lie in groups"
	case k.has(idConversations) || k.has(idMessages):
		message = "the conversation is not a list of messages"
	default:
		return
	}
	m.row.Issue = m.issue("QA_SHAPE_UNSUPPORTED", m.row.Node, message, unsupportedHint)
}
