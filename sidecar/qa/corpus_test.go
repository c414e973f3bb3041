//go:build corpus

package qa_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// TestCorpus runs over real files: what is no file of pairs is left alone,
// every promise holds, and Python reads the same from what was rewritten. It
// logs the outcome as a table.
func TestCorpus(t *testing.T) {
	root := os.Getenv("QACORPUS_CORPUS")
	if root == "" {
		t.Fatal("QACORPUS_CORPUS must name the folder of real papers and question-answer files")
	}
	roles := manifest(t, filepath.Join(root, "qa", "MANIFEST.tsv"))
	var table []string
	var jobs []pythonJob
	counts := map[string]int{}
	codes := map[problem.Code]int{}
	err := filepath.WalkDir(filepath.Join(root, "qa"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.Ext(path), ".json") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(root, "qa"), path)
		o := qa.Options{Name: path}
		holds(t, data, o)
		r := qa.Normalise(data, o)
		if roles[rel] == "not-pairs" && r.Counts {
			t.Errorf("%s is not ours and counts as %s", rel, r.Shape)
		}
		outcome := "left alone"
		switch {
		case r.Failed():
			outcome = "reported"
		case r.Changed:
			outcome = "rewritten"
			out := filepath.Join(t.TempDir(), "out"+filepath.Ext(path))
			if err := os.WriteFile(out, r.Output, 0o600); err != nil {
				return err
			}
			jobs = append(jobs, pythonJob{path, out})
		case r.Counts:
			outcome = "kept"
		}
		counts[outcome]++
		seen := map[problem.Code]bool{}
		var list []string
		for _, p := range r.Problems {
			if !seen[p.Code] {
				codes[p.Code]++
				list = append(list, string(p.Code))
			}
			seen[p.Code] = true
		}
		table = append(table, fmt.Sprintf("%-10s %-28s %4d  %s  %s %s", outcome, r.Shape, len(r.Pairs), rel, strings.Join(r.Changes, "; "), strings.Join(list, " ")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(table)
	t.Logf("\n%s\n%v\nfiles by code %v", strings.Join(table, "\n"), counts, codes)
	samePairs(t, jobs)
}

// manifest reads what each file of the corpus is for.
func manifest(t *testing.T, path string) map[string]string {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{}
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Split(line, "\t"); len(f) == 7 {
			roles[f[0]] = f[6]
		}
	}
	return roles
}
