//go:build corpus

package extract_test

import (
	"os"
	"testing"
)

// corpus is the folder with the real papers.
func corpus(t testing.TB) string {
	dir := os.Getenv("QACORPUS_CORPUS")
	if dir == "" {
		t.Fatal("set QACORPUS_CORPUS to the folder that holds papers, odd, hostile and expected")
	}
	return dir
}
