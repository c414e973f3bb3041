package main

// The mark-up of papers/*.txt. A head of "key: value" lines ends at the first empty line; then blocks, with empty lines
// between them:
//
//	# Title, ## Title     sections          = formula             displayed, numbered
//	|caption, |a|b rows   a table           !plot caption         lines "name: y y y" follow
//	- item                a list            [1] text              a reference, hung
//	`text                 verbatim lines    !abstract, !page, !skip, !centre text, !note text
//	anything else         a paragraph

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed papers/*.txt
var paperFiles embed.FS

type paper struct {
	head   map[string]string
	blocks []block
}

// block is one block: its kind is its mark ("" for a paragraph), its lines have lost theirs.
type block struct {
	kind  string
	lines []string
}

func readPaper(name string) (paper, error) {
	data, err := paperFiles.ReadFile("papers/" + name + ".txt")
	if err != nil {
		return paper{}, err
	}
	head, body, _ := strings.Cut(string(data), "\n\n")
	p := paper{head: make(map[string]string)}
	for _, line := range strings.Split(head, "\n") {
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			return p, fmt.Errorf("%s: no key in %q", name, line)
		}
		p.head[key] = value
	}
	for _, part := range strings.Split(body, "\n\n") {
		if part = strings.Trim(part, "\n"); part != "" {
			p.blocks = append(p.blocks, readBlock(part))
		}
	}
	return p, nil
}

func readBlock(part string) block {
	lines := strings.Split(part, "\n")
	if strings.HasPrefix(part, "!") {
		kind, rest, _ := strings.Cut(lines[0], " ")
		return block{kind, append([]string{rest}, lines[1:]...)}
	}
	for _, mark := range []string{"## ", "# ", "= ", "|", "- ", "`", "["} {
		if !strings.HasPrefix(part, mark) || mark == "`" && strings.Count(lines[0], "`") > 1 {
			continue
		}
		b := block{kind: strings.TrimSpace(mark)}
		for _, line := range lines {
			b.lines = append(b.lines, strings.TrimPrefix(line, mark))
		}
		return b
	}
	return block{"", lines}
}
