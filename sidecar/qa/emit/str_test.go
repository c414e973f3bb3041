package emit

import "testing"

func TestTrim(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  a b  ", "a b"},
		{`\n\t a\r\n`, "a"},
		{`\u00a0a\u2003`, "a"},
		{`\nThe answer`, "The answer"},
		{`\nthe answer`, "the answer"},
		{`\tWhat?`, "What?"},
		{`   `, ""},
		{`\n`, ""},
		{`a \\ `, `a \\`},
		// LaTeX whose backslash was not doubled stays whole.
		{`\frac{1}{2}`, `\frac{1}{2}`},
		{` \times 3 `, `\times 3`},
		{`\nu is`, `\nu is`},
		{`\nabla f`, `\nabla f`},
		{`\rho`, `\rho`},
		{`\n\theta`, `\theta`},
		{`\neq`, `\neq`},
	} {
		if lo, hi := Trim(c.in); c.in[lo:hi] != c.want {
			t.Errorf("Trim(%q) = %q, want %q", c.in, c.in[lo:hi], c.want)
		}
	}
}
