package place

import "testing"

func TestPlaces(t *testing.T) {
	home := []string{"HOME=/home/ada b"}
	windows := []string{`APPDATA=C:\Users\ada\AppData\Roaming`, `LOCALAPPDATA=C:\Users\ada\AppData\Local\`, `ProgramData=C:\ProgramData`, `ProgramFiles=C:\Program Files`}
	for name, tt := range map[string]struct{ got, want Place }{
		"plain": {User("linux", home), Place{false, "/home/ada b/.config/qacorpus/config.toml", "/home/ada b/.local/state/qacorpus",
			"/home/ada b/.local/bin/qacorpus", "/home/ada b/.config/systemd/user"}},
		"xdg": {User("linux", append(home, "XDG_CONFIG_HOME=/c/", "XDG_STATE_HOME=/s")), Place{false, "/c/qacorpus/config.toml", "/s/qacorpus",
			"/home/ada b/.local/bin/qacorpus", "/c/systemd/user"}},
		"relative xdg is ignored": {User("linux", append(home, "XDG_CONFIG_HOME=c", "XDG_STATE_HOME=")), User("linux", home)},
		"the last one counts":     {User("linux", []string{"HOME=/a", "HOME=/home/ada b"}), User("linux", home)},
		"nothing known":           {User("linux", nil), Place{}},
		"system":                  {System("linux", home), Place{true, "/etc/qacorpus/config.toml", "/var/lib/qacorpus", "/usr/local/bin/qacorpus", "/etc/systemd/system"}},
		"mac": {User("darwin", home), Place{false, "/home/ada b/Library/Application Support/qacorpus/config.toml",
			"/home/ada b/Library/Application Support/qacorpus/state", "/home/ada b/.local/bin/qacorpus", "/home/ada b/Library/LaunchAgents"}},
		"windows": {User("windows", windows), Place{false, `C:\Users\ada\AppData\Roaming\qacorpus\config.toml`,
			`C:\Users\ada\AppData\Local\qacorpus`, `C:\Users\ada\AppData\Local\Programs\qacorpus\qacorpus.exe`, ""}},
		"windows system": {System("windows", windows), Place{true, `C:\ProgramData\qacorpus\config.toml`, `C:\ProgramData\qacorpus\state`,
			`C:\Program Files\qacorpus\qacorpus.exe`, ""}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s:\n got %+v\nwant %+v", name, tt.got, tt.want)
		}
	}
}
