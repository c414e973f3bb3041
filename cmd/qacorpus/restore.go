package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"qacorpus/install/keeper"
	"qacorpus/sidecar"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/safefile"
)

func (a *app) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE [VERSION]",
		Short: "List or bring back kept versions of a QA file",
		Long: `Lists what a QA file held before qacorpus changed it, oldest first, or brings one of
these versions back: by its number in the list, or by the first digits of its
hash. What the file holds now is kept too. A file that was brought back is not
normalised again until it is edited.`,
		Example: `  qacorpus restore ~/QA_corpus/AdaLoRA.json
  qacorpus restore ~/QA_corpus/AdaLoRA.json 1`,
		Args:              arguments(1, 2),
		ValidArgsFunction: a.completeVersion,
		RunE: func(c *cobra.Command, args []string) error {
			return a.restore(c.Context(), args)
		},
	}
}

func (a *app) restore(ctx context.Context, args []string) error {
	path, err := filepath.Abs(args[0])
	if err != nil {
		return fmt.Errorf("resolve %q: %w", args[0], err)
	}
	dir, h, versions, err := a.findHistory(path)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		for i, v := range versions {
			fmt.Fprintf(a.out, "%d  %s  %s  %d bytes  %s\n", i+1, v.Time.Local().Format("2006-01-02 15:04:05"), v.SHA256[:12], v.Size, v.Why)
		}
		return nil
	}
	v, err := pickVersion(versions, args[1])
	if err != nil {
		return err
	}
	data, err := h.Get(v.SHA256)
	if err != nil {
		return fmt.Errorf("read kept version: %w", err)
	}
	// What root keeps in somebody else's history must stay that person's.
	if err := errors.Join(bringBack(ctx, h, path, v, data), keeper.Give(dir)); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "%s is as it was %s (%s)\n", show(args[0]), v.Time.Local().Format("2006-01-02 15:04:05"), v.Why)
	return nil
}

// findHistory looks for kept versions of path where whoever watches its folder
// keeps them, and then where others do. dir is where they are kept.
func (a *app) findHistory(path string) (dir string, h *history.Store, versions []history.Version, err error) {
	all, err := a.choose(path)
	if err != nil {
		return "", nil, nil, err
	}
	var denied *known
	for _, k := range all {
		dir = filepath.Join(k.config.State, "history")
		if _, err := os.ReadDir(dir); errors.Is(err, fs.ErrPermission) {
			if denied == nil {
				denied = &k
			}
			continue
		} else if err != nil {
			continue
		}
		h, err = history.Open(dir)
		if err != nil {
			return "", nil, nil, err
		}
		versions, err = h.List(sidecar.HistoryPath(path))
		if err != nil {
			return "", nil, nil, err
		}
		if len(versions) > 0 {
			return dir, h, versions, nil
		}
	}
	err = usagef("nothing is kept of %s", show(path))
	if denied != nil {
		err = usagef("nothing that you may read is kept of %s; there may be something in %s", show(path), show(denied.config.State))
		return "", nil, nil, withHint(err, "%s", a.asAccount(denied.Keeper))
	}
	if pid := holder([]string{path}); pid != 0 && !slices.ContainsFunc(all, func(k known) bool { return k.is(pid) }) {
		err = usagef("nothing that you may read is kept of %s; process %d looks after it and may keep its versions elsewhere", show(path), pid)
		k, _ := keeper.Of(pid, runtime.GOOS)
		return "", nil, nil, withHint(err, "%s, or name its folder: --state FOLDER", a.asAccount(k))
	}
	return "", nil, nil, withHint(err, "a version is kept whenever qacorpus changes the file")
}

// pickVersion finds the version that a person means by its number or hash.
func pickVersion(versions []history.Version, arg string) (history.Version, error) {
	if n, err := strconv.Atoi(arg); err == nil && n >= 1 && n <= len(versions) {
		return versions[n-1], nil
	}
	var found []history.Version
	if len(arg) >= 4 {
		for _, v := range versions {
			if strings.HasPrefix(v.SHA256, strings.ToLower(arg)) && (len(found) == 0 || found[0].SHA256 != v.SHA256) {
				found = append(found, v)
			}
		}
	}
	if len(found) != 1 {
		return history.Version{}, withHint(usagef("no version %q is kept", arg), "without a version, qacorpus restore lists them")
	}
	return found[0], nil
}

// bringBack puts data, version v, at path. It is marked first, so that no daemon
// tidies it.
func bringBack(ctx context.Context, h *history.Store, path string, v history.Version, data []byte) error {
	key := sidecar.HistoryPath(path)
	old, seen, err := safefile.Read(path, 0)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return err
	}
	if !missing && seen.Hex() == v.SHA256 {
		return h.MarkRestored(key, v.SHA256)
	}
	if missing {
		if err := h.MarkRestored(key, v.SHA256); err != nil {
			return err
		}
		return (&safefile.Writer{}).Create(path, data, 0o644)
	}
	if _, err := h.Put(key, old, "before restoring"); err != nil {
		return err
	}
	if err := h.MarkRestored(key, v.SHA256); err != nil {
		return err
	}
	return replaceKept(ctx, h, path, seen, data)
}
