// Package report promises that `qacorpus status` can tell what the daemon is
// doing without asking it: the daemon leaves a small file in its state folder
// after each change, and this package writes and reads that file.
//
// Design notes. A file and not a socket: it can be read by whoever may read the
// state, after the daemon's death too, when what it did last matters most. Who
// reads it learns from the process ID whether it is still true.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Report is what a daemon says of itself.
type Report struct {
	Version string    `json:"version"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
	Updated time.Time `json:"updated"`
	Folders []Folder  `json:"folders"`
	// Goroutines is how many the daemon has, for who looks for a leak.
	Goroutines int `json:"goroutines,omitempty"`
}

// Folder is one watched folder in a report.
type Folder struct {
	Path       string    `json:"path"`
	State      string    `json:"state"` // watching, waiting (it is not there), blocked (it is, but cannot be read or written)
	Detail     string    `json:"detail,omitempty"`
	PDFs       int       `json:"pdfs"`
	QA         int       `json:"qa"`
	Problems   int       `json:"problems"` // files with problems, PDFs and QA files
	LastChange time.Time `json:"last_change,omitzero"`
	LastPath   string    `json:"last_path,omitempty"` // what that change was made to
}

// file is the report's name in the state folder.
const file = "daemon.json"

// Line is the report in one line, for the service manager.
func (r Report) Line() string {
	var pdfs, problems, waiting, blocked int
	for _, f := range r.Folders {
		pdfs += f.PDFs
		problems += f.Problems
		switch f.State {
		case "waiting":
			waiting++
		case "blocked":
			blocked++
		}
	}
	line := fmt.Sprintf("watching %s, %s", count(len(r.Folders)-waiting-blocked, "folder"), count(pdfs, "PDF"))
	if problems > 0 {
		line += fmt.Sprintf(", %d with problems", problems)
	}
	if waiting > 0 {
		line += fmt.Sprintf("; waiting for %s", count(waiting, "folder"))
	}
	if blocked > 0 {
		line += fmt.Sprintf("; no access to %s", count(blocked, "folder"))
	}
	return line
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Write leaves the report in the state folder, whole or not at all.
func Write(state string, r Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write daemon's report: %w", err)
	}
	tmp, err := os.CreateTemp(state, file+".*")
	if err != nil {
		return fmt.Errorf("write daemon's report: %w", err)
	}
	_, err = tmp.Write(append(data, '\n'))
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(state, file))
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // it may be gone already
		return fmt.Errorf("write daemon's report: %w", err)
	}
	return nil
}

// Read returns the newest report in the state folder; the error is
// fs.ErrNotExist where no daemon ever wrote one.
func Read(state string) (Report, error) {
	data, err := os.ReadFile(filepath.Join(state, file))
	if err != nil {
		return Report{}, fmt.Errorf("read daemon's report: %w", err)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("read daemon's report in %q: %w", state, err)
	}
	return r, nil
}
