package doctor

import "fmt"

// limits are those of inotify (https://man7.org/linux/man-pages/man7/inotify.7.html),
// and what of them the asking person's processes use.
type limits struct {
	watches, instances, queue  int
	usedWatches, usedInstances int
	partly                     bool // whether there are processes that could not be looked into
	known                      bool
}

// judgeWatches compares the limits with what the folders need. held tells that a
// daemon watches them already, so that what it needs is in use by now.
func judgeWatches(l limits, need int, held bool) []Check {
	if !l.known {
		return nil
	}
	if held {
		need = 0
	}
	used := fmt.Sprintf("%d of %d watches and %d of %d instances are in use", l.usedWatches, l.watches, l.usedInstances, l.instances)
	if l.partly {
		used = "at least " + used
	}
	raise := func(key string, value int) string {
		return fmt.Sprintf("as root: sysctl -w fs.inotify.%s=%d; to keep it, write that into /etc/sysctl.d/90-inotify.conf", key, value)
	}
	var all []Check
	switch free := l.watches - l.usedWatches; {
	case need > free:
		all = append(all, Check{Name: "watch limits", Level: fix, Do: raise("max_user_watches", max(1<<20, 2*(l.usedWatches+need))),
			Said: fmt.Sprintf("%s; the folders need %d watches, so some will be polled", used, need)})
	case need > free/2 && need > 100:
		all = append(all, Check{Name: "watch limits", Level: note, Do: raise("max_user_watches", max(1<<20, 2*(l.usedWatches+need))),
			Said: fmt.Sprintf("%s; the folders need %d, and there is little room to grow", used, need)})
	}
	if l.usedInstances+1 > l.instances && !held {
		all = append(all, Check{Name: "watch limits", Level: fix, Do: raise("max_user_instances", max(1024, 2*l.instances)),
			Said: used + "; none is left for the daemon, which will poll"})
	}
	if l.queue < 1024 {
		all = append(all, Check{Name: "watch limits", Level: note, Do: raise("max_queued_events", 16384),
			Said: fmt.Sprintf("only %d events can wait; after a burst of changes folders will have to be gone through again", l.queue)})
	}
	if len(all) == 0 {
		all = append(all, Check{Name: "watch limits", Level: ok, Said: used})
	}
	return all
}

// watchLimits compares what the folders need with what the system gives.
func (d *doctor) watchLimits() {
	held := len(d.o.Folders) > 0
	for _, f := range d.o.Folders {
		held = held && d.o.Holder(f.Path) != 0
	}
	for _, c := range judgeWatches(inotify(), d.folders, held) {
		d.add(c)
	}
}

// judgeSpace tells whether there is room on a disk. inodes is -1 where there is no
// such limit.
func judgeSpace(name string, free uint64, inodes int64) Check {
	c := Check{Name: name, Level: ok, Said: size(free) + " free"}
	switch {
	case free < 16<<20:
		c.Level, c.Said, c.Do = fix, "only "+size(free)+" free", "make room; what cannot be written now is written then"
	case inodes >= 0 && inodes < 100:
		c.Level, c.Said, c.Do = fix, fmt.Sprintf("%s free, but room for %d more files only (inodes)", size(free), inodes), "delete files that are not needed"
	case free < 256<<20:
		c.Level, c.Said, c.Do = note, "only "+size(free)+" free", "make room soon"
	}
	return c
}

// space looks at the room on the disk of a folder.
func (d *doctor) space(name, path string) {
	free, inodes, ok := roomAt(path)
	if !ok {
		return
	}
	d.add(judgeSpace(name, free, inodes))
}

func size(n uint64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, i := float64(n)/1024, 0
	for value >= 1024 && i < len(units)-1 {
		value /= 1024
		i++
	}
	return fmt.Sprintf("%.1f %ciB", value, units[i])
}

// judgeDescriptors tells whether a process may have as many files open as the
// daemon needs; kqueue needs one for each file that is watched.
func judgeDescriptors(soft uint64, perFile bool, files int) Check {
	c := Check{Name: "descriptors", Level: ok, Said: fmt.Sprintf("%d files may be open at a time", soft)}
	need := uint64(256)
	if perFile {
		need += uint64(files)
	}
	if soft < need {
		c.Level, c.Do = fix, "ulimit -n 65536 in the shell that starts it; LimitNOFILE=65536 for a service of your own"
		c.Said = fmt.Sprintf("only %d files may be open at a time, and %d may be needed", soft, need)
	}
	return c
}
