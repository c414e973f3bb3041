package name

import "testing"

func TestIgnored(t *testing.T) {
	for _, base := range []string{
		"", ".a.json.swp", "a.json~", "a.swp", "a.swx", "4913", ".#a.json", "#a.json#", "a.pdf.tmp", "a.PDF.PART", "a.pdf.partial",
		"a.filepart", "a.pdf.crdownload", "a.download", "a.unison", "a.json___jb_tmp___", "a.json___jb_old___", "~$a.pdf",
		".~lock.a.json#", ".syncthing.a.pdf.tmp", "~syncthing~a.pdf.tmp", "Thumbs.db", "desktop.ini", "Icon\r", ".DS_Store",
		"._a.pdf", "@eaDir", "__MACOSX", ".stfolder", ".stversions", ".tmp.drivedownload", ".dropbox.cache", ".nfs0001", ".fuse_hidden1",
		".qacorpus-1a2b.tmp",
	} {
		if !Ignored(base) {
			t.Errorf("%q is not ignored", base)
		}
	}
	for _, base := range []string{"a.pdf", "tmp.pdf", "a~b.pdf", "sed.pdf", "#1 paper.pdf", "part.json", "a.preview.md", "swp", "x.swimming", "answer.sw.json"} {
		if Ignored(base) {
			t.Errorf("%q is ignored", base)
		}
	}
}

func TestConflictCopy(t *testing.T) {
	for _, base := range []string{
		"a.sync-conflict-20261126-101112-ABCDEFG.json", "a_conflict-20261126-101112.json", "a (Ada's conflicted copy 2026-11-26).json",
		"a (conflicted copy 2026-11-26 101112).json", "a.conflict1.json", "a.json.conflict2", "a.json..path1", "a.jsonl..path2",
	} {
		if !ConflictCopy(base) || Of(base) != QA {
			t.Errorf("%q: conflict copy %v, kind %v", base, ConflictCopy(base), Of(base))
		}
	}
	for _, base := range []string{"a.json", "conflict.json", "on.conflict.json", "path1.json", "a..json"} {
		if ConflictCopy(base) {
			t.Errorf("%q is taken for a conflict copy", base)
		}
	}
}

func TestConflicting(t *testing.T) {
	for base, want := range map[string]string{
		"x.preview.md.conflict1":                                    "x.preview.md",
		"x.preview.md..path2":                                       "x.preview.md",
		"x.PDF.preview.md.conflict23":                               "x.PDF.preview.md",
		"x.preview.sync-conflict-20200101-120000-ABCDEFG.md":        "x.preview.md",
		"x.preview_conflict-20200101-120000.md":                     "x.preview.md",
		"x.preview (Ada's conflicted copy 2020-01-01).md":           "x.preview.md",
		"a.preview.conflict1.preview (conflicted copy 2020-1-1).md": "a.preview.conflict1.preview.md",
		"x.preview.md":               "",
		"x.conflict1.preview.md":     "",
		".preview.md.conflict1":      "",
		".preview.sync-conflict-.md": "",
		"x.json.conflict1":           "",
		"x.md.conflict1":             "",
		"x.preview.notes.md":         "",
		"":                           "",
	} {
		if got := Conflicting(base); got != want {
			t.Errorf("Conflicting(%q) = %q, want %q", base, got, want)
		}
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain name.pdf", "plain name.pdf"},
		{`back\slash`, `back\slash`},
		{"a:\n__b.pdf", `a:\n__b.pdf`},
		{"a\\\n", `a\\\n`},
		{"\xff\xfeé", `\xff\xfeé`},
		{"\x1b[31m", `\u001b[31m`},
		{"fdp.\u202egpj", `fdp.\u202egpj`},
		{"漢字 \u200d", "漢字 \u200d"},
		{"a\tb\r", `a\tb\r`},
		{"\U000e0041", `\U000e0041`},
	} {
		if got := Show(c.in); got != c.want {
			t.Errorf("Show(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
