package install

import "testing"

func TestMountPoint(t *testing.T) {
	for path, want := range map[string]string{"/proc/self": "/proc", "/proc": "/proc", "/": "/"} {
		if got := mountPoint(path); got != want {
			t.Errorf("mountPoint(%q) = %q, want %q", path, got, want)
		}
	}
	for in, want := range map[string]string{`/mnt/a\040b\011c\134`: "/mnt/a b\tc\\", `/plain`: "/plain", `/x\04`: `/x\04`, `/x\999`: `/x\999`} {
		if got := unoctal(in); got != want {
			t.Errorf("unoctal(%q) = %q, want %q", in, got, want)
		}
	}
}
