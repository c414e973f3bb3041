// Whose: which configuration and which state hold. A person's commands read those
// of whoever watches the folder, be it a service that runs as somebody else.

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"qacorpus/install/config"
	"qacorpus/install/keeper"
	"qacorpus/install/lock"
	"qacorpus/install/place"
	"qacorpus/install/report"
)

// load reads the configuration for the folders dirs, or for its own where dirs
// is empty.
func (a *app) load(dirs []string) (*config.Config, error) {
	if a.keeper == nil {
		a.keeper = a.usual()
	}
	c, err := a.loadOf(*a.keeper, dirs)
	if err == nil && !a.logsWarnings {
		a.warn(c)
	}
	return c, err
}

// warn tells once what is hardly meant in the configuration.
func (a *app) warn(c *config.Config) {
	for _, w := range c.Warnings {
		if !slices.Contains(a.warned, w) {
			a.warned = append(a.warned, w)
			fmt.Fprintf(a.err, "qacorpus: warning: %s\n", w)
		}
	}
}

// loadOf reads the configuration of k, unless the person named another.
func (a *app) loadOf(k keeper.Keeper, dirs []string) (*config.Config, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find working directory: %w", err)
	}
	in := config.Input{File: a.namedConfig(), Env: a.env, Flags: map[string]string{}, Dirs: dirs, Home: k.Home, WorkDir: wd}
	if in.File == "" {
		in.File, in.Optional = k.Config, true
	}
	for key, value := range map[string]string{"state": a.state, "log.level": a.logLevel, "log.format": a.logFormat} {
		if value != "" {
			in.Flags[key] = value
		}
	}
	if a.state != "" && !filepath.IsAbs(a.state) && !strings.HasPrefix(a.state, "~") {
		in.Flags["state"] = filepath.Join(wd, a.state) // as for any file that a person names
	}
	c, err := config.Load(in)
	if err != nil {
		return nil, &usageError{err}
	}
	if c.State == "" {
		c.State = k.State
	}
	if c.State == "" {
		return nil, withHint(usagef("there is no home folder here to keep the state in"), "name a folder for it with --state FOLDER")
	}
	return c, nil
}

// namedConfig is the configuration file that the person named, "" for none.
func (a *app) namedConfig() string {
	if a.configFile != "" {
		return a.configFile
	}
	return a.getenv("QACORPUS_CONFIG")
}

// home is the person's home folder. Where the environment does not tell, as in a
// bare cron job, the list of accounts does.
func (a *app) home() string {
	if runtime.GOOS == "windows" {
		return a.getenv("USERPROFILE")
	}
	if home := a.getenv("HOME"); home != "" {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

// places are the person's own and the machine's.
func (a *app) places() (own, system place.Place) {
	env := a.env
	if runtime.GOOS != "windows" {
		env = append([]string{"HOME=" + a.home()}, env...)
	}
	return place.User(runtime.GOOS, env), place.System(runtime.GOOS, env)
}

// usual is the person's own keeper. Where they have no configuration file and the
// machine has one, that one holds. Under systemd the manager says where the state is.
func (a *app) usual() *keeper.Keeper {
	own, system := a.places()
	k := keeper.Keeper{Config: own.Config, State: own.State, Home: a.home()}
	if _, err := os.Stat(k.Config); k.Config == "" || errors.Is(err, fs.ErrNotExist) {
		if f, err := os.Open(system.Config); err == nil {
			f.Close()
			k.Config = system.Config
		}
	}
	if dir, _, _ := strings.Cut(a.getenv("STATE_DIRECTORY"), ":"); dir != "" {
		k.State = dir
	}
	return &k
}

// chooseFor is choose for the arguments of a command that takes files and "-", and
// that leaves something in the state folder: not in somebody else's.
func (a *app) chooseFor(args []string) error {
	paths := slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "-" })
	if len(paths) == 0 {
		return nil
	}
	_, err := a.choose(paths...)
	if err == nil && a.keeper.Account != "" && a.state == "" && a.getenv("QACORPUS_STATE") == "" {
		own, _ := a.places()
		a.state = own.State
	}
	return err
}

// known is a keeper whose configuration could be read.
type known struct {
	keeper.Keeper
	config *config.Config
}

// choose makes load read the configuration of whoever watches one of the paths, or
// any folder where there are none, and returns all whose history may have a
// version of a file: the chosen one first. What may not be read is told.
func (a *app) choose(paths ...string) ([]known, error) {
	own, system := a.places()
	usual := keeper.Keeper{Config: own.Config, State: own.State, Home: a.home()}
	a.keeper = &usual
	all := keeper.All(own, system, a.home())
	if a.namedConfig() != "" {
		all = []keeper.Keeper{usual}
	}
	pid := holder(paths)
	if k, ok := keeper.Of(pid, runtime.GOOS); ok && a.namedConfig() == "" {
		all = append(all, k)
	}
	var readable []known
	var closed []keeper.Keeper
	for _, k := range all {
		c, err := a.loadOf(k, nil)
		switch {
		case errors.Is(err, fs.ErrPermission) && len(readable) > 0:
			closed = append(closed, k)
			continue
		case err != nil:
			return nil, err
		}
		readable = append(readable, known{k, c})
	}
	if k, ok := a.elsewhere(pid, readable); ok {
		readable = append(readable, k)
	}
	best := -1
	for i, k := range readable {
		if k.runs(pid) || best < 0 && k.watches(paths) {
			best = i
		}
	}
	if best < 0 {
		a.tellClosed(closed)
		return readable, nil
	}
	a.keeper = &readable[best].Keeper
	return append([]known{readable[best]}, readable...), nil
}

// elsewhere is whose process keeps its state in none of the usual places, because a
// flag or a variable said so when it was started. A state that the asking person
// names holds instead.
func (a *app) elsewhere(pid int, usual []known) (known, bool) {
	named := a.state != "" || a.getenv("QACORPUS_STATE") != ""
	if named || len(usual) == 0 || slices.ContainsFunc(usual, func(k known) bool { return k.runs(pid) }) {
		return known{}, false
	}
	like := usual[0]
	if theirs, ok := keeper.Of(pid, runtime.GOOS); ok {
		like.Keeper = theirs
	}
	c := *like.config
	c.State = keeper.StateOf(pid)
	like.State, like.config = c.State, &c
	return like, like.runs(pid)
}

// holder is the process that looks after one of the paths, 0 if none does.
func holder(paths []string) int {
	for _, path := range paths {
		if abs, err := filepath.Abs(path); err == nil {
			if pid := lock.Holder(abs); pid != 0 {
				return pid
			}
		}
	}
	return 0
}

// watches tells whether one of the paths, or any at all where there are none,
// lies in a folder of this keeper's. The file may know it by another name.
func (k known) watches(paths []string) bool {
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			continue
		}
		if _, ok := k.config.FolderOf(abs); ok {
			return true
		}
		real, err := filepath.EvalSymlinks(abs)
		if err != nil {
			continue
		}
		for _, f := range k.config.Folders {
			if to, err := filepath.EvalSymlinks(f.Path); err == nil && (to == real || inside(to, real)) {
				return true
			}
		}
	}
	return len(paths) == 0 && len(k.config.Folders) > 0
}

// runs tells whether the process is the keeper's daemon.
func (k known) runs(pid int) bool {
	r, err := report.Read(k.config.State)
	return err == nil && pid != 0 && r.PID == pid
}

// is tells whether the process keeps its state where the keeper does. It need not be
// a daemon: a sync in between looks after its folders too.
func (k known) is(pid int) bool {
	return k.runs(pid) || keeper.StateOf(pid) == k.config.State
}

// tellClosed names the configurations that may hold for the folders and may not be
// read.
func (a *app) tellClosed(closed []keeper.Keeper) {
	for _, k := range closed {
		fmt.Fprintf(a.err, "qacorpus: note: the configuration %s may not be read by you, so what it says is not known here\nhint: %s\n", show(k.Config), a.asAccount(k))
	}
}

// tellState says how to get at a state folder that may not be read by this person.
func (a *app) tellState(c *config.Config) {
	if _, err := os.ReadDir(c.State); errors.Is(err, fs.ErrPermission) && a.keeper != nil {
		fmt.Fprintf(a.err, "qacorpus: note: what qacorpus remembers of this folder is in %s, which may not be read by you\nhint: %s\n", show(c.State), a.asAccount(*a.keeper))
	}
}

// asAccount is the command line with which the same is done as the keeper's own
// account.
func (a *app) asAccount(k keeper.Keeper) string {
	words := []string{"sudo"}
	if k.Account != "" {
		words = append(words, "-u", k.Account)
	}
	words = append(words, "qacorpus")
	for _, arg := range a.args {
		words = append(words, shellQuote(arg))
	}
	return "as the user that the service runs as: " + strings.Join(words, " ")
}
