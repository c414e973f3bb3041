//go:build linux && cgo && !nocgo

package inside

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unsafe"
)

// TestTokens: the stand-in finds what MuPDF finds, down to the last bit of a number.
func TestTokens(t *testing.T) {
	words := []string{
		"0", "-0", "00", "1", "-1", "+1", "--1", "---12.5", "-", ".", "-.", "+.5", ".5", "-.5", "5.", "-5.", "0.0", "-0.0", "1.2.3", "1-2", "1.5-6", "12a", "1e5",
		"999999999", "1234567890", "-999999999", "12345678901234567890", "0000000001", "0.12345678", "0.123456789", "12345.6789", "123456789.", "1234567890.5",
		"0.000000000000-5684342", "16777217.0", "16777217", "8388608.5", "0.1", "0.3", "123.456",
		"q", "Q", "BT", "ET", "Tj", "f*", "'", `"`, "BDC", "scn", "R", "RG", "obj", "endobj", "true", "false", "null", "stream", "xref", "o", "tr", "n", "e", "\x01x", "x\x80", "a#41", "a+b",
		"/", "/A", "/A#42", "/A#4", "/#", "/a+b", "/1", "/\x80\xff", "/" + strings.Repeat("n", 99), "/" + strings.Repeat("n", 100), "/" + strings.Repeat("n", 126),
		"/" + strings.Repeat("n", 127), "/" + strings.Repeat("n", 200), strings.Repeat("k", 99), strings.Repeat("k", 130), strings.Repeat("1", 300),
		"[", "]", "<<", ">>", "<", ">", "(a(b)c)", "(open", "<4142>", "<414", "{", "}", ")", "% comment\n", "%",
	}
	ends := []string{" ", "\n", "\x00", "\r\n", "\t\f ", "", "[", "]", "/", "(", ")", "<", ">", "%", "{", "}", "#", "+", "a"}
	for _, w := range words {
		for _, e := range ends {
			for _, tail := range []string{"", "1 ", "x"} {
				same(t, []byte(w+e+tail))
				same(t, []byte(" \n"+w+e+tail))
			}
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b bytes.Buffer
		for range rnd.IntN(20) {
			b.WriteString(words[rnd.IntN(len(words))] + ends[rnd.IntN(len(ends))])
		}
		same(t, b.Bytes())
	}
}

// TestNumbers: of all lengths, with the point anywhere.
func TestNumbers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var b bytes.Buffer
		for range 2000 {
			digits := fmt.Sprint(rnd.Uint64() >> rnd.IntN(64))
			if at := rnd.IntN(len(digits) + 1); rnd.IntN(4) > 0 {
				digits = digits[:at] + "." + digits[at:]
			}
			if rnd.IntN(2) == 0 {
				digits = "-" + digits
			}
			b.WriteString(digits + " ")
		}
		same(t, b.Bytes())
	}
}

func FuzzTokens(f *testing.F) {
	f.Add([]byte("BT /F 12 Tf 72.5 -700 Td [(a)-20.25<62>]TJ ET"))
	f.Add([]byte("1 0 obj<</Length 5 0 R>>stream\n"))
	f.Fuzz(func(t *testing.T, data []byte) { same(t, data) })
}

func same(t *testing.T, data []byte) {
	t.Helper()
	for _, chunk := range []int{1 << 20, 1, 2, 7} {
		got, want := Tokens(data, chunk, true), Tokens(data, chunk, false)
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("%.300q by %d: token %d is %+v, MuPDF's is %+v", data, chunk, i, got[min(i, len(got)-1)], want[i])
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%.300q by %d: %d tokens, MuPDF finds %d", data, chunk, len(got), len(want))
		}
	}
}

// TestArena takes blocks of all sizes, gives them back in any order, and makes sure
// that none overlaps another and each keeps what was written.
func TestArena(t *testing.T) {
	a := NewArena()
	defer a.Free()
	type block struct {
		p    unsafe.Pointer
		n    int
		fill byte
	}
	write := func(b block, from int) {
		for i := from; i < b.n; i++ {
			*(*byte)(unsafe.Add(b.p, i)) = b.fill
		}
	}
	holds := func(b block, n int) {
		for i := range n {
			if got := *(*byte)(unsafe.Add(b.p, i)); got != b.fill {
				t.Fatalf("byte %d of %d is %#x, not %#x", i, b.n, got, b.fill)
			}
		}
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	size := func() int {
		if rnd.IntN(20) == 0 {
			return rnd.IntN(20000)
		}
		return rnd.IntN(1100)
	}
	var live []block
	for step := range 400000 {
		grow := len(live) < 1000 || step%200000 < 100000 && len(live) < 30000 // beyond what the arena holds
		switch k := rnd.IntN(10); {
		case k == 0 && len(live) > 0:
			b := &live[rnd.IntN(len(live))]
			n := 1 + size()
			b.p = a.Realloc(b.p, n)
			holds(*b, min(n, b.n))
			from := b.n
			b.n = n
			write(*b, from)
		case k < 7 == grow:
			b := block{n: size(), fill: byte(rnd.Uint32())}
			b.p = a.Malloc(b.n)
			if b.p == nil || uintptr(b.p)%16 != 0 {
				t.Fatalf("%d bytes at %p", b.n, b.p)
			}
			write(b, 0)
			live = append(live, b)
		case len(live) > 0:
			i := rnd.IntN(len(live))
			b := live[i]
			holds(b, b.n)
			a.Give(b.p)
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
		}
	}
	for _, b := range live {
		holds(b, b.n)
		a.Give(b.p)
	}
	a.Give(nil)
}

// TestArenaMisused: a process that misuses its memory ends.
func TestArenaMisused(t *testing.T) {
	ways := map[string]func(a Arena){
		"given back twice": func(a Arena) {
			p, q := a.Malloc(40), a.Malloc(40)
			a.Give(p)
			a.Give(q)
			a.Give(p)
		},
		"written after it was given back": func(a Arena) {
			p := a.Malloc(40)
			a.Give(p)
			*(*uintptr)(p) = 0x4141414141414141
			a.Malloc(40)
		},
	}
	if way := os.Getenv("INSIDE_MISUSE"); way != "" {
		ways[way](NewArena())
		os.Exit(0)
	}
	for way := range ways {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestArenaMisused$")
		cmd.Env = append(os.Environ(), "INSIDE_MISUSE="+way)
		if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("SIGABRT")) {
			t.Errorf("a block was %s, and the process went on: %v\n%s", way, err, out)
		}
	}
}
