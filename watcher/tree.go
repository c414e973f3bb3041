package watcher

// The tree knows every watched folder and keeps fsnotify's list of watches equal to it.
//
// A watch belongs to an inode, and fsnotify remembers it by the path it was added under: adding a folder that was renamed,
// without removing its old path first, leaves it unwatched or its events with a stale path. So a folder that was renamed
// or removed is forgotten with all below it before anything is added, and an inode is never added under two paths.

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sync/errgroup"
)

// folder is one folder that is looked at. Fields without a comment on locking never change.
type folder struct {
	path    string
	parent  *folder // nil for a root
	root    *root
	looking sync.Mutex // held by whoever looks at the folder, so that looks take effect in the order of their reading

	// Guarded by tree.mu.
	kids    map[string]*folder // by path; nil if there are none
	id      identity           // zero until first looked at
	shot    snapshot
	watched bool // fsnotify has it
	polled  bool // events do not suffice
	dead    bool // forgotten; a look under way must change nothing
	unread  bool // could not be read when looked at last
}

// tree is everything that Run's goroutines share.
type tree struct {
	opt     Options
	deliver func(string)
	desk    *desk
	group   *errgroup.Group
	inbox   *inbox
	notify  *fsnotify.Watcher // nil if the system had none left
	roots   []*root           // sorted, so that an outer root comes before those inside it
	guards  atomic.Pointer[[]guard]
	again   chan string // holds the reason for a full look that is wanted at once; never closed

	mu      sync.Mutex           // guards what follows and the fields of folder and root that say so
	folders map[string]*folder   // by path; all that are not dead
	inodes  map[identity]*folder // by device and inode (mount left zero): the watched ones
	looks   bool                 // a full look is under way
}

func newTree(o Options, deliver func(string)) (*tree, error) {
	t := &tree{
		opt: o, deliver: deliver, desk: newDesk(o), inbox: newInbox(), again: make(chan string, 1),
		folders: map[string]*folder{}, inodes: map[identity]*folder{},
	}
	for _, path := range o.Roots {
		t.roots = append(t.roots, &root{path: path})
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("start watching: %w", err)
	}
	t.notify = w
	return t, nil
}

// add makes a folder known. It returns nil if the parent is dead or the folder is there already.
func (t *tree) add(parent *folder, path string) *folder {
	t.mu.Lock()
	defer t.mu.Unlock()
	if parent.dead || t.folders[path] != nil {
		return nil
	}
	f := &folder{path: path, parent: parent, root: parent.root}
	if parent.kids == nil {
		parent.kids = map[string]*folder{}
	}
	parent.kids[path] = f
	t.folders[path] = f
	return f
}

// forget drops f and all below it and their watches, and returns their sources, which may be gone now.
func (t *tree) forget(f *folder) (sources []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.forgetLocked(f, nil)
}

func (t *tree) forgetLocked(f *folder, sources []string) []string {
	if f.dead {
		return sources
	}
	for _, kid := range f.kids {
		sources = t.forgetLocked(kid, sources)
	}
	f.dead = true
	t.unwatch(f)
	delete(t.folders, f.path)
	if f.parent != nil {
		delete(f.parent.kids, f.path)
	}
	f.shot.each(func(name string) { sources = append(sources, join(f.path, name)) })
	f.shot = nil
	return sources
}

// watch asks for events of f. Two paths for one inode share a watch, so the second is polled. The caller holds mu.
func (t *tree) watch(f *folder) error {
	if f.dead || f.watched {
		return nil
	}
	id, err := identify(f.path)
	if err != nil {
		return err
	}
	key := identity{device: id.device, inode: id.inode}
	if other := t.inodes[key]; other != nil {
		if now, err := identify(other.path); err == nil && now.device == id.device && now.inode == id.inode {
			f.polled = true
			return nil
		}
		t.desk.touch(t.forgetLocked(other, nil)...)
	}
	if err := t.notify.Add(f.path); err != nil {
		return err
	}
	f.watched, f.id = true, id
	t.inodes[key] = f
	return nil
}

// unwatch ends the events of f. The caller holds mu.
func (t *tree) unwatch(f *folder) {
	if !f.watched {
		return
	}
	// The kernel or fsnotify may have dropped it already, with the folder.
	if err := t.notify.Remove(f.path); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) {
		t.opt.Log.Debug("remove watch", "path", f.path, "err", err)
	}
	f.watched = false
	key := identity{device: f.id.device, inode: f.id.inode}
	if t.inodes[key] == f {
		delete(t.inodes, key)
	}
}

// find returns the folder at path, if it is known.
func (t *tree) find(path string) *folder {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.folders[path]
}

func join(folder, name string) string {
	if len(folder) > 0 && folder[len(folder)-1] == filepath.Separator {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// under tells whether path is root or lies below it.
func under(path, root string) bool {
	if len(path) <= len(root) {
		return path == root
	}
	return path[:len(root)] == root && (root[len(root)-1] == filepath.Separator || path[len(root)] == filepath.Separator)
}
