package keeper

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"qacorpus/install/place"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAll(t *testing.T) {
	root := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	own := place.Place{Config: at("home", "config.toml"), State: at("home", "state"), Units: at("home", "units")}
	system := place.Place{System: true, Config: at("etc", "qacorpus", "config.toml"), State: at("var", "qacorpus"), Units: at("etc", "units")}
	mine := Keeper{Config: own.Config, State: own.State, Home: "/home/ada"}
	machine := Keeper{Config: system.Config, State: system.State, Home: "/home/ada"}
	if got, want := All(own, system, "/home/ada"), []Keeper{mine, machine}; !reflect.DeepEqual(got, want) {
		t.Errorf("with nothing there:\n got %+v\nwant %+v", got, want)
	}

	// Services that were installed with a configuration elsewhere, and one by hand.
	write(t, at("home", "units", "qacorpus.service"), "[Unit]\nX-Config=\"/home/ada/my \\\"own\\\".toml\"\n")
	write(t, at("etc", "units", "qacorpus.service"), "[Unit]\nX-Config=/srv/qacorpus.toml\n")
	write(t, at("etc", "qacorpus", "config.toml"), "")
	write(t, at("etc", "qacorpus", "bob.toml"), "")
	want := []Keeper{mine,
		{Config: `/home/ada/my "own".toml`, State: own.State, Home: "/home/ada"},
		{Config: "/srv/qacorpus.toml", State: system.State, Home: "/home/ada"},
		{Config: at("etc", "qacorpus", "bob.toml"), State: at("var", "qacorpus", "bob"), Home: "/home/ada"}}
	if got := All(own, system, "/home/ada"); !reflect.DeepEqual(got, want) {
		t.Errorf("with services:\n got %+v\nwant %+v", got, want)
	}
}

func TestOfOwnProcessIsNobodyElses(t *testing.T) {
	if k, ok := Of(os.Getpid(), runtime.GOOS); ok {
		t.Errorf("this process is taken for %+v", k)
	}
	if k, ok := Of(0, runtime.GOOS); ok {
		t.Errorf("no process is taken for %+v", k)
	}
}

// A process that was started with a state folder of its own, by a flag or a variable,
// is asked for it.
func TestStateOf(t *testing.T) {
	state := t.TempDir()
	write(t, filepath.Join(state, "cache", "4711.db"), "")
	write(t, filepath.Join(state, "other.db"), "")
	for _, name := range []string{"other.db", "cache/4711.db"} {
		f, err := os.Open(filepath.Join(state, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
	}
	want := ""
	if runtime.GOOS == "linux" {
		want = state
	}
	if got := StateOf(os.Getpid()); got != want {
		t.Errorf("the state of this process is %q, want %q", got, want)
	}
	if got := StateOf(0); got != "" {
		t.Errorf("no process has the state %q", got)
	}
}
