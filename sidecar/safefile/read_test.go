package safefile

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestTimesThatMoveAreNoChange: on an rclone mount each reading of a file moves its times until it is uploaded.
func TestTimesThatMoveAreNoChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(path, []byte("[]"), 0o644); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{})
	defer close(done)
	wg.Go(func() {
		for at := time.Unix(1e9, 0); ; at = at.Add(time.Millisecond) {
			select {
			case <-done:
				return
			default:
			}
			if err := os.Chtimes(path, at, at); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 20 {
		if data, _, err := Read(path, 0); err != nil || string(data) != "[]" {
			t.Fatalf("%q, %v", data, err)
		}
	}
}
