package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

const document = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"

func TestVariantsAreRepeatableAndDiffer(t *testing.T) {
	for _, data := range []string{document, "", "x", "no numbers here"} {
		different := 0
		for i := range uint64(10 * len(ways)) {
			kind, one := mutate([]byte(data), 1, i)
			again, two := mutate([]byte(data), 1, i)
			if kind != again || !bytes.Equal(one, two) {
				t.Errorf("variant %d (%s) of %q is another one each time", i, kind, data)
			}
			if string(one) != data {
				different++
			}
		}
		if data == document && different < 9*len(ways) {
			t.Errorf("only %d of %d variants differ from the document", different, 10*len(ways))
		}
	}
}

func TestRunWritesEveryKind(t *testing.T) {
	in, out := filepath.Join(t.TempDir(), "A.pdf"), t.TempDir()
	if err := os.WriteFile(in, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(out, len(ways), 1, []string{in}); err != nil {
		t.Fatal(err)
	}
	for _, w := range ways {
		if found, err := filepath.Glob(filepath.Join(out, "A~*~"+w.kind+".pdf")); err != nil || len(found) != 1 {
			t.Errorf("%s: found %q, %v", w.kind, found, err)
		}
	}
	if err := run("", 1, 1, []string{in}); err == nil {
		t.Error("no folder: no error")
	}
}
