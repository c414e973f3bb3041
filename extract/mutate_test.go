//go:build heavy && linux && cgo && !nocgo

package extract_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

var (
	mutateFor  = flag.Duration("mutate.for", 10*time.Second, "how long to read mutated PDFs")
	mutateFrom = flag.String("mutate.from", "", "folder whose PDFs are mutated, beside generated ones")
	mutateKeep = flag.String("mutate.keep", "", "folder for the PDFs that end or hold up a worker")
	mutateSeed = flag.Uint64("mutate.seed", 1, "where the mutations begin")
)

// TestMutations reads PDFs that have been mutated: whatever comes of them, the
// pool goes on, and leaves nothing behind.
func TestMutations(t *testing.T) {
	seeds := mutationSeeds(t)
	rnd := rand.New(rand.NewPCG(*mutateSeed, 2))
	p := pool(t, extract.Options{Workers: 1, Timeout: 10 * time.Second})
	counts := map[extract.Status]int{}
	drawn, n := 0, 0
	goroutines := runtime.NumGoroutine()
	name := filepath.Join(t.TempDir(), "m.pdf")
	for end := time.Now().Add(*mutateFor); time.Now().Before(end); n++ {
		data := mutate(rnd, seeds)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Extract(t.Context(), f, extract.Request{Raw: n%2 == 0})
		if err != nil {
			t.Fatal(err)
		}
		counts[d.Status]++
		if d.Status == "crashed" || d.Status == "timed-out" {
			keep(t, data, d)
		}
		if d.Status == "ok" && n%4 == 0 {
			if _, err := p.Render(t.Context(), f, 1, 300, nil); err == nil {
				drawn++
			}
		}
		f.Close()
		if n%5000 == 4999 {
			t.Logf("%d documents, %v, %d pages drawn, pool %d KiB", n+1, counts, drawn, resident(t, os.Getpid()))
		}
	}
	t.Logf("%d documents, %v, %d pages drawn, pool %d KiB", n, counts, drawn, resident(t, os.Getpid()))
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if left := offspring(t); len(left) > 0 {
		t.Errorf("processes left: %q", left)
	}
	if now := runtime.NumGoroutine(); now > goroutines+2 {
		t.Errorf("%d goroutines, %d before", now, goroutines)
	}
}

func keep(t *testing.T, data []byte, d extract.Document) {
	t.Helper()
	name := fmt.Sprintf("%s-%x.pdf", d.Status, sha256.Sum256(data))
	t.Logf("%s: %s", name, d.Detail)
	if *mutateKeep == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*mutateKeep, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// mutationSeeds are small PDFs, as they are and with their streams unpacked:
// mutated compressed data is mostly just broken data.
func mutationSeeds(t *testing.T) [][]byte {
	t.Helper()
	seeds := [][]byte{numbered(5), tinypdf.Encrypted("", "text"), toUnicodeSeed()}
	if *mutateFrom != "" {
		err := filepath.WalkDir(*mutateFrom, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err == nil && len(data) < 200<<10 && bytes.Contains(data[:min(1024, len(data))], []byte("%PDF")) {
				seeds = append(seeds, data)
				if open := unpack(data); len(open) < 1<<20 && !bytes.Equal(open, data) {
					seeds = append(seeds, open)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Log(len(seeds), "seeds")
	return seeds
}

func toUnicodeSeed() []byte {
	return tinypdf.Doc{Pages: []string{tinypdf.Text("a"), "q 1 0 0 RG 0 0 m 100 100 l S Q BI /W 1/H 1/BPC 8/CS/G ID x EI"},
		Catalog: "/Outlines 8 0 R/PageLabels<</Nums[0<</S/R/P(x)>>]>>", Trailer: "/Info 10 0 R",
		More: []string{"<</First 9 0 R/Last 9 0 R>>", "<</Title(t)/Parent 8 0 R/Dest[4 0 R/Fit]>>", "<</Title(\xfe\xff\x00a)/Author(b)>>"}}.Bytes()
}

var packed = regexp.MustCompile(`(?s)/Filter\s*(?:\[\s*)?/FlateDecode(?:\s*\])?([^>]{0,80}>>\s*)stream\r?\n`)

// unpack takes the compression off the streams that have no other.
func unpack(data []byte) []byte {
	var out bytes.Buffer
	for {
		at := packed.FindSubmatchIndex(data)
		if at == nil {
			break
		}
		body := data[at[1]:]
		end := bytes.Index(body, []byte("endstream"))
		if end < 0 {
			break
		}
		z, err := zlib.NewReader(bytes.NewReader(body[:end]))
		var plain []byte
		if err == nil {
			plain, err = io.ReadAll(io.LimitReader(z, 1<<20))
		}
		if err != nil || bytes.Contains(data[at[2]:at[3]], []byte("DecodeParms")) {
			out.Write(data[:at[1]+end])
		} else {
			out.Write(data[:at[0]])
			out.Write(data[at[2]:at[3]])
			out.WriteString("stream\n")
			out.Write(plain)
			out.WriteByte('\n')
		}
		data = body[end:]
	}
	out.Write(data)
	return out.Bytes()
}

var (
	digits  = regexp.MustCompile(`-?\d+(\.\d+)?`)
	extreme = []string{"0", "-1", "1", "65536", "2147483647", "-2147483648", "4294967296", "9999999999999999999", "1e30", "0.0000001", "null", "[", "<<", "true", "(x)", "/Name"}
	words   = []string{" Do ", " Tj ", " BT ", " ET ", " q ", " Q ", " cm ", " Tf ", " BI ", " ID ", " EI ", " sh ", " gs ", " scn ", " re W n ", "/Kids", "/Parent", "/Next", "/First", "/Type", "/Filter[/FlateDecode/FlateDecode/LZWDecode]", "/Predictor 15", "/Resources", "/XObject", "/Pattern", "/ToUnicode", "/Contents", "/Annots", "/AP", "endobj", "endstream", "obj", "stream\n", "xref", "trailer", "startxref"}
)

// mutate changes one seed in a few places.
func mutate(rnd *rand.Rand, seeds [][]byte) []byte {
	b := bytes.Clone(seeds[rnd.IntN(len(seeds))])
	other := seeds[rnd.IntN(len(seeds))]
	for range 1 + rnd.IntN(8) {
		if len(b) < 16 {
			break
		}
		at := rnd.IntN(len(b) - 8)
		length := min(len(b)-at, 1+rnd.IntN(1<<rnd.IntN(12)))
		switch rnd.IntN(9) {
		case 0, 1:
			b[at] ^= 1 << rnd.IntN(8)
		case 2, 3, 4: // a number, or a reference, becomes another
			if loc := digits.FindIndex(b[at:]); loc != nil {
				text := extreme[rnd.IntN(len(extreme))]
				if rnd.IntN(2) == 0 {
					text = fmt.Sprint(rnd.IntN(60))
				}
				b = bytes.Join([][]byte{b[:at+loc[0]], []byte(text), b[at+loc[1]:]}, nil)
			}
		case 5:
			b = append(b[:at], b[at+length:]...)
		case 6:
			b = bytes.Join([][]byte{b[:at+length], b[at : at+length], b[at+length:]}, nil)
		case 7:
			b = bytes.Join([][]byte{b[:at], []byte(words[rnd.IntN(len(words))]), b[at:]}, nil)
		case 8: // a piece of another document
			from := rnd.IntN(len(other))
			piece := other[from:min(len(other), from+length)]
			b = bytes.Join([][]byte{b[:at], piece, b[min(len(b), at+len(piece)):]}, nil)
		}
	}
	return b
}
