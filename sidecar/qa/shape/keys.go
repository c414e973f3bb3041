package shape

import "qacorpus/sidecar/qa/tree"

// id is a key that matters for telling shapes apart.
type id uint8

const (
	idNone id = iota
	idQuestion
	idAnswer
	idContext
	idQ
	idA
	idQuery
	idPrompt
	idInstruction
	idUserInput
	idInput
	idOutput
	idResponse
	idReference
	idSolution
	idExpectedAnswer
	idCompletion
	idGroundTruth
	idReferenceAnswer
	idExpectedOutput
	idGoldAnswer
	idCorrectAnswer
	idModelAnswer
	idMessages
	idConversations
	idOptions
	idChoices
	idAnswers
	idChosen
	idRejected
	idTurns
	idLabel
	idAnnotations
	idFields
	idPatterns
	idTag
	idInputs
	idOutputs
	idQuestions
	ids // how many there are
)

// identify finds a key without regard to case. It says, too, whether it is
// written exactly so.
func identify(t *tree.Tree, key uint32) (id, bool) {
	raw := t.Raw(key)
	if t.Escaped(key) {
		raw = `"` + t.Text(key) + `"`
	}
	const longest = 18
	if len(raw) < 3 || len(raw)-2 > longest {
		return idNone, false
	}
	var buf [longest]byte
	exact := true
	name := buf[:len(raw)-2]
	for i := range name {
		c := raw[i+1]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
			exact = false
		}
		name[i] = c
	}
	return known(string(name)), exact
}

func known(name string) id {
	switch name {
	case "question":
		return idQuestion
	case "answer":
		return idAnswer
	case "context":
		return idContext
	case "q":
		return idQ
	case "a":
		return idA
	case "query":
		return idQuery
	case "prompt":
		return idPrompt
	case "instruction":
		return idInstruction
	case "user_input":
		return idUserInput
	case "input":
		return idInput
	case "output":
		return idOutput
	case "response":
		return idResponse
	case "reference":
		return idReference
	case "solution":
		return idSolution
	case "expected_answer":
		return idExpectedAnswer
	case "completion":
		return idCompletion
	case "ground_truth", "ground_truths":
		return idGroundTruth
	case "reference_answer":
		return idReferenceAnswer
	case "expected_output":
		return idExpectedOutput
	case "gold_answer":
		return idGoldAnswer
	case "correct_answer":
		return idCorrectAnswer
	case "model_answer":
		return idModelAnswer
	}
	return knownOther(name)
}

// knownOther are keys of shapes that are told apart by them.
func knownOther(name string) id {
	switch name {
	case "messages":
		return idMessages
	case "conversations":
		return idConversations
	case "options":
		return idOptions
	case "choices":
		return idChoices
	case "answers":
		return idAnswers
	case "chosen", "chosen_messages":
		return idChosen
	case "rejected", "rejected_messages":
		return idRejected
	case "turns":
		return idTurns
	case "label":
		return idLabel
	case "annotations":
		return idAnnotations
	case "fields":
		return idFields
	case "patterns":
		return idPatterns
	case "tag":
		return idTag
	case "inputs":
		return idInputs
	case "outputs":
		return idOutputs
	case "questions":
		return idQuestions
	}
	return idNone
}

// keys are the members of one object that matter.
type keys struct {
	key   [ids]uint32 // key node, 0 where there is none
	exact [ids]bool
	twice [ids]bool // in two spellings
	n     int
}

func readKeys(t *tree.Tree, obj uint32) (k keys) {
	for c, end := t.First(obj), t.Next(obj); c < end; c = t.Next(t.Next(c)) {
		k.n++
		i, exact := identify(t, c)
		if i == idNone {
			continue
		}
		if k.key[i] != 0 {
			k.twice[i] = true
			if k.exact[i] {
				continue
			}
		}
		k.key[i], k.exact[i] = c, exact
	}
	return k
}

func (k *keys) has(i id) bool { return k.key[i] != 0 }

// one is the single key among those given that is there; many says that
// there is more than one.
func (k *keys) one(among ...id) (found id, many bool) {
	for _, i := range among {
		if k.key[i] == 0 {
			continue
		}
		if found != idNone {
			return found, true
		}
		found = i
	}
	return found, false
}
