//go:build corpus || heavy

package extract_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// resident is in KiB.
func resident(t *testing.T, pid int) int {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(data))[1])
	return pages * os.Getpagesize() >> 10
}
