package qa

import _ "embed"

//go:embed schema.json
var schema string // read only

// Schema is the JSON Schema (draft-07, the newest that VS Code knows in full)
// of a question-answer file: an object with the pairs of one paper, a bare
// list of pairs, or one pair, as on a line of JSON Lines.
func Schema() []byte { return []byte(schema) }
