package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qacorpus/cmd/qacorpus/page"
)

// sampleFolder is a copy of the sample corpus, in an empty home.
func sampleFolder(t *testing.T) (folder string, env []string) {
	t.Helper()
	home := t.TempDir()
	folder = filepath.Join(home, "QA")
	if err := copyTree("../../testdata/QA_corpus", folder); err != nil {
		t.Fatal(err)
	}
	return folder, []string{"HOME=" + home}
}

// viewOf runs a view of the folder until the test ends.
func viewOf(t *testing.T, folder string, env []string) *view {
	t.Helper()
	a := &app{out: io.Discard, err: io.Discard, env: env}
	c, err := a.folderOrHere([]string{folder})
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.newView(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1) // the result of Run
	go func() { ended <- v.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, v.Close()); err != nil {
			t.Error(err)
		}
	})
	return v
}

// eventuallyShows waits for the rows to be as ok says.
func eventuallyShows(t *testing.T, v *view, ok func([]page.Row, page.State) bool) []page.Row {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		rows, st := v.Papers()
		if ok(rows, st) {
			return rows
		}
		if v.Wait(ctx, st.Version); ctx.Err() != nil {
			t.Fatalf("not after %v: %+v, %+v", patience, rows, st)
		}
	}
}

func settled(_ []page.Row, st page.State) bool { return st.Waiting == 0 }

// What serve shows is what list tells, whether there are previews or not.
func TestViewAgreesWithList(t *testing.T) {
	folder, env := sampleFolder(t)
	before := eventuallyShows(t, viewOf(t, folder, env), settled)
	var out strings.Builder
	for _, args := range [][]string{{"sync", folder}, {"list", "--coverage", "--format", "jsonl", folder}} {
		out.Reset()
		if status := run(t.Context(), &app{args: args, out: &out, err: io.Discard, env: env}); status != exitOK {
			t.Fatalf("%q: exit status %d", args, status)
		}
	}
	after := eventuallyShows(t, viewOf(t, folder, env), settled)
	dec := json.NewDecoder(strings.NewReader(out.String()))
	for i := range after {
		var want row
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		asked := 0
		if want.Asked != nil {
			asked = *want.Asked
		}
		for when, r := range map[string]page.Row{"without previews": before[i], "with previews": after[i]} {
			got := fmt.Sprint(r.Index, r.Name, r.Status, r.Pages, r.Title, r.Files, r.Pairs, r.Errors, r.Warnings, r.Asked, r.Askable)
			if want := fmt.Sprint(want.Index, want.Path, want.Status, want.Pages, want.Title, len(want.QA), want.Pairs, want.Errors, want.Warnings,
				asked, asked+len(want.NotAsked)); got != want {
				t.Errorf("%s: %s, list says %s", when, got, want)
			}
		}
	}
	if dec.More() || len(after) != 10 {
		t.Errorf("%d rows", len(after))
	}
}

func TestViewOfOnePaper(t *testing.T) {
	folder, env := sampleFolder(t)
	v := viewOf(t, folder, env)
	rows := eventuallyShows(t, v, settled)
	at := map[string]page.Row{}
	for _, r := range rows {
		at[r.Name] = r
	}
	p, err := v.Paper(t.Context(), at["AdaRank.pdf"].ID, 1, 4)
	if err != nil || p.Length != 6 || len(p.Texts) != 4 || p.First != 1 || p.Author == "" || p.Preview || len(p.Questions) != 1 || len(p.Questions[0].Pairs) != 9 {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, pair := range p.Questions[0].Pairs[:2] {
		if passage := p.Texts[pair.Page-1][pair.Start:pair.End]; !strings.Contains(passage, "84.1") {
			t.Errorf("%q is supported by %q", pair.Answer, passage)
		}
	}
	if p, err := v.Paper(t.Context(), at["AdaRank.pdf"].ID, 5, 4); err != nil || p.First != 5 || len(p.Texts) != 2 {
		t.Errorf("from page 5: %+v, %v", p, err)
	}
	p, err = v.Paper(t.Context(), at["2024/Quantised_Adapters.PDF"].ID, 1, 4)
	if err != nil || len(p.Questions) != 1 || p.Questions[0].Count != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	problems := p.Questions[0].Problems
	for _, pair := range p.Questions[0].Pairs {
		problems = append(problems, pair.Problems...)
	}
	if len(problems) != 1 || problems[0].Code != "QA_SYNTAX" || problems[0].At != `"` || problems[0].Line != 11 {
		t.Errorf("%+v", problems)
	}
	for name, what := range map[string]string{"Confidential_Review_Copy.pdf": "password", "Scanned_Memo.pdf": "No text", "Publisher_Login.pdf": "not one"} {
		p, err := v.Paper(t.Context(), at[name].ID, 1, 4)
		if err != nil || !strings.Contains(p.What, what) || p.Hint == "" {
			t.Errorf("%s: %q, %q, %v", name, p.What, p.Hint, err)
		}
	}
	for _, id := range []string{"", "x", "../AdaRank.pdf", folder, idOf(filepath.Join(folder, "AdaRank.json")), idOf("/etc/passwd")} {
		if _, err := v.Paper(t.Context(), id, 1, 4); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("paper %q: %v", id, err)
		}
		if _, err := v.Picture(t.Context(), id, 100); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("picture %q: %v", id, err)
		}
	}
}

// Each problem stands with the pair that it is about, in every layout.
func TestProblemsFindTheirPairs(t *testing.T) {
	folder, env := sampleFolder(t)
	pair := func(q, a string) string { return fmt.Sprintf(`{"question": %q, "answer": %q}`, q, a) }
	good, bad := pair("What is shared?", "A parameter budget."), pair("Why?", "It gains 61.7 points on GLUE.")
	for name, text := range map[string]string{
		"AdaRank.json":       "[\n" + good + ",\n" + bad + "\n]",
		"AdaRank.qa.json":    `{"qa_pairs": [` + good + "," + bad + `]}`,
		"AdaRank_more.jsonl": good + "\n" + bad + "\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	v := viewOf(t, folder, env)
	rows := eventuallyShows(t, v, settled)
	p, err := v.Paper(t.Context(), rows[1].ID, 1, 4)
	if err != nil || len(p.Questions) != 3 {
		t.Fatalf("%+v, %v", p.Questions, err)
	}
	for _, f := range p.Questions {
		for i, pair := range f.Pairs {
			ungrounded := 0
			for _, problem := range pair.Problems {
				if problem.Code == "QA_UNGROUNDED" {
					ungrounded++
				}
			}
			if (ungrounded > 0) != (i == 1) {
				t.Errorf("%s: pair %d has %+v", f.Name, i, pair.Problems)
			}
		}
		if len(f.Problems) > 0 {
			t.Errorf("%s: without a pair: %+v", f.Name, f.Problems)
		}
	}
}

// What changes in the folder shows, whatever the files are called.
func TestViewFollowsTheFolder(t *testing.T) {
	folder, env := sampleFolder(t)
	v := viewOf(t, folder, env)
	eventuallyShows(t, v, settled)
	data, err := os.ReadFile(filepath.Join(folder, "AdaRank.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	name := "<b>two\nlines\xff.pdf"
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	has := func(ok func(page.Row) bool) func([]page.Row, page.State) bool {
		return func(rows []page.Row, _ page.State) bool {
			for _, r := range rows {
				if r.Name == name {
					return ok(r)
				}
			}
			return false
		}
	}
	eventuallyShows(t, v, has(func(r page.Row) bool { return r.Status == "ok" && r.Pages == 6 && r.Pairs == 0 }))
	qa := strings.TrimSuffix(path, ".pdf") + ".json"
	if err := os.WriteFile(qa, []byte(`[{"question": "What is shared?", "answer": "A fixed parameter budget."}]`), 0o644); err != nil {
		t.Fatal(err)
	}
	rows := eventuallyShows(t, v, has(func(r page.Row) bool { return r.Pairs == 1 && r.Asked == 1 }))
	if _, err := v.Picture(t.Context(), idOf(path), 100); err != nil {
		t.Error(err)
	}
	if err := os.Remove(qa); err != nil {
		t.Fatal(err)
	}
	eventuallyShows(t, v, has(func(r page.Row) bool { return r.Files == 0 }))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	eventuallyShows(t, v, func(now []page.Row, _ page.State) bool { return len(now) == len(rows)-1 })
	if _, err := v.Paper(t.Context(), idOf(path), 1, 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the paper that is gone: %v", err)
	}
}

// TestServe starts the command, asks it over the network, and ends it while a page
// is open; the folder is as before.
func TestServe(t *testing.T) {
	folder, env := sampleFolder(t)
	out, in := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	status := make(chan int, 1) // the exit status
	go func() {
		status <- run(ctx, &app{args: []string{"serve", folder}, out: in, err: io.Discard, env: env})
		in.Close()
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("%q, %v", address, err)
	}
	address = strings.TrimSpace(address)
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 || !strings.Contains(string(body), "AdaRank.pdf") {
		t.Errorf("%s, %v: %s", r.Status, err, body)
	}
	port := address[strings.LastIndex(address, ":")+1 : len(address)-1]
	var complaint strings.Builder
	if s := run(t.Context(), &app{args: []string{"serve", "--port", port, folder}, out: io.Discard, err: &complaint, env: env}); s != exitUsage ||
		!strings.Contains(complaint.String(), "is used by another program") {
		t.Errorf("the same port again: exit status %d: %s", s, &complaint)
	}
	events, err := http.Get(address + "events?seen=x-1")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	cancel()
	select {
	case s := <-status:
		if s != exitOK {
			t.Errorf("exit status %d", s)
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if got, want := previewsIn(t, folder), 0; len(got) != want {
		t.Errorf("serve wrote previews: %v", got)
	}
}
