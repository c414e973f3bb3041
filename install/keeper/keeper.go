// Package keeper promises to find whose qacorpus may look after a folder: the
// person's own, the machine's service, services set up by hand beside it, and
// whoever's process has the folder now. For each it tells where the configuration
// and the state are, and as whom they can be read.
//
// Design notes. Nothing is read here but the notes that an installation left in
// its unit, and whose the state folders are: a configuration may be anybody's
// secret, and the caller finds out by opening it. Services set up by hand are
// those of the packages' unit template, qacorpus@NAME, with /etc/qacorpus/NAME.toml
// and /var/lib/qacorpus/NAME.
package keeper

import (
	"os"
	"path/filepath"
	"strings"

	"qacorpus/install/place"
	"qacorpus/install/unit"
)

// Keeper is one qacorpus of this machine.
type Keeper struct {
	Config  string // its configuration file, which need not be there
	State   string // its state folder, unless the configuration names another
	Home    string // what ~ stands for in the configuration
	Account string // whose it is; "" for the one who asks, or where that cannot be told
}

// All returns the keepers that may run here, the asking person's own first.
// home is that person's home folder.
func All(own, system place.Place, home string) []Keeper {
	all := []Keeper{{Config: own.Config, State: own.State, Home: home}}
	if noted := notedConfig(own); noted != "" && noted != own.Config {
		all = append(all, Keeper{Config: noted, State: own.State, Home: home})
	}
	service := system.Config
	if noted := notedConfig(system); noted != "" {
		service = noted
	}
	all = append(all, belonging(service, system.State, home))
	byHand, _ := filepath.Glob(filepath.Join(filepath.Dir(system.Config), "*.toml")) // the pattern is right
	for _, file := range byHand {
		if file == system.Config || file == service {
			continue
		}
		instance := strings.TrimSuffix(filepath.Base(file), ".toml")
		all = append(all, belonging(file, filepath.Join(system.State, instance), home))
	}
	return all
}

// belonging is the keeper with that state folder, whose owner it belongs to.
func belonging(config, state, home string) Keeper {
	k := Keeper{Config: config, State: state, Home: home}
	if account, theirs, ok := owner(state); ok {
		k.Account, k.Home = account, theirs
	}
	return k
}

// Of returns the keeper that a process with that ID is of, as far as can be told
// from whose it is; ok is false where it is the asking person's, or gone, or where
// the system does not tell.
func Of(pid int, goos string) (k Keeper, ok bool) {
	account, home, ok := ofProcess(pid)
	if !ok {
		return Keeper{}, false
	}
	theirs := place.User(goos, []string{"HOME=" + home})
	return Keeper{Config: theirs.Config, State: theirs.State, Home: home, Account: account}, true
}

// notedConfig is the configuration that the service installed in a place reads.
func notedConfig(p place.Place) string {
	if p.Units == "" {
		return ""
	}
	data, err := os.ReadFile(filepath.Join(p.Units, "qacorpus.service"))
	if err != nil {
		return ""
	}
	return unit.ReadNotes(data).Config
}
