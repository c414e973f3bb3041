package page

import (
	"fmt"
	"net/http/httptest"
	"testing"
)

// BenchmarkTable is the time of one answer where the corpus is large.
func BenchmarkTable(b *testing.B) {
	var rows []Row
	for i := range 10_000 {
		rows = append(rows, Row{ID: fmt.Sprintf("%020x", i), Name: fmt.Sprintf("2024/paper-%05d_on_Adapters.pdf", i), Title: "A Title as Papers Have It: With a Second Half",
			Status: "ok", Pages: 12, Files: 1, Pairs: 9, Asked: 4, Askable: 11, Stamp: "0123456789ab", Drawn: true})
	}
	h := handler(newLibrary(rows...))
	for name, target := range map[string]string{"all": "/", "filtered": "/?q=9999+adapters"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest("GET", target, nil)
				r.Host = host
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
