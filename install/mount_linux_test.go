package install

import "testing"

func TestMountPoint(t *testing.T) {
	for path, want := range map[string]string{"/proc/self": "/proc", "/proc": "/proc", "/": "/"} {
		if got := mountPoint(path); got != want {
			t.Errorf("mountPoint(%q) = %q, want %q", path, got, want)
		}
	}
}
