package qa

// Schema is the JSON Schema (draft-07, the newest that VS Code knows in full)
// of a question-answer file: an object with the pairs of one paper, a bare
// list of pairs, or one pair, as on a line of JSON Lines.
func Schema() []byte { return []byte(schema) }

const schema = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Question-answer pairs",
  "description": "Pairs of questions and answers about a paper, as qacorpus checks and normalises them.",
  "oneOf": [
    { "$ref": "#/definitions/paper" },
    { "$ref": "#/definitions/pairs" },
    { "$ref": "#/definitions/pair" }
  ],
  "definitions": {
    "paper": {
      "title": "Paper",
      "description": "All pairs of one paper.",
      "type": "object",
      "required": ["qa_pairs"],
      "properties": {
        "paper_id": {
          "description": "What the paper is called in the corpus: the name of its PDF without .pdf.",
          "type": "string",
          "examples": ["00_2023_adalora"]
        },
        "title": {
          "description": "The title of the paper.",
          "type": "string",
          "examples": ["AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning"]
        },
        "qa_pairs": { "$ref": "#/definitions/pairs" }
      },
      "additionalProperties": true
    },
    "pairs": {
      "title": "List of pairs",
      "description": "Question-answer pairs. The list may be empty.",
      "type": "array",
      "items": { "$ref": "#/definitions/pair" }
    },
    "pair": {
      "title": "Pair",
      "description": "One question with its answer. Further members are kept as they are.",
      "type": "object",
      "required": ["question", "answer"],
      "not": { "required": ["qa_pairs"] },
      "properties": {
        "question": {
          "description": "The question: text with at least one visible character.",
          "type": "string",
          "pattern": "\\S",
          "examples": ["What problem does AdaLoRA solve?"]
        },
        "answer": {
          "description": "The answer that is to be learnt: text with at least one visible character.",
          "type": "string",
          "pattern": "\\S"
        },
        "context": {
          "description": "The passage of the paper that holds the answer, word for word.",
          "type": "string"
        }
      },
      "additionalProperties": true,
      "defaultSnippets": [
        {
          "label": "pair",
          "description": "A question and its answer",
          "body": { "question": "$1", "answer": "$2" }
        }
      ]
    }
  }
}
`
