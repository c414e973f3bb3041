package doctor

import (
	"strings"
	"testing"

	"github.com/moby/sys/mountinfo"
)

func TestMountOf(t *testing.T) {
	mountIn := func(table, path string) mount {
		above, err := mountinfo.GetMountsFromReader(strings.NewReader(table), mountinfo.ParentsFilter(path))
		if err != nil {
			t.Fatal(err)
		}
		return last(above)
	}
	table := `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/ada/Drive\040x rw,nosuid shared:9 - fuse.rclone drive: rw,user_id=1000
31 22 0:41 / /mnt/stick ro,relatime - vfat /dev/sdb1 rw
32 22 0:42 / /mnt/share rw,relatime - cifs //nas/qa ro,vers=3.0
33 22 0:43 / /mnt/share rw,relatime - nfs4 nas:/qa rw
`
	for path, want := range map[string]mount{
		"/srv/QA":               {Type: "ext4", Point: "/"},
		"/home/ada/Drive x/a/b": {Type: "fuse.rclone", Point: "/home/ada/Drive x"},
		"/home/ada/Drive xy":    {Type: "ext4", Point: "/"},
		"/mnt/stick":            {Type: "vfat", Point: "/mnt/stick", ReadOnly: true},
		"/mnt/share/QA":         {Type: "nfs4", Point: "/mnt/share"}, // the last one covers the others
	} {
		if got := mountIn(table, path); got != want {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
	if got := mountIn("32 22 0:42 / /m rw - cifs //nas/qa ro,vers=3.0\n", "/m/x"); !got.ReadOnly {
		t.Errorf("read-only by the server: %+v", got)
	}
	if m := mountOf(t.TempDir()); m.Type == "" || m.Point == "" {
		t.Errorf("this machine's: %+v", m)
	}
}

func TestThisMachinesLimits(t *testing.T) {
	l := inotify()
	if !l.known || l.watches <= 0 || l.instances <= 0 || l.queue <= 0 {
		t.Errorf("%+v", l)
	}
	if free, _, ok := roomAt(t.TempDir()); !ok || free == 0 {
		t.Errorf("room: %d, %v", free, ok)
	}
}
