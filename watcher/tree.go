package watcher

// The tree knows every folder that is looked at and keeps fsnotify's list of watches equal to it.
//
// A watch belongs to an inode, and fsnotify remembers it by the path it was added under: adding a folder that was renamed,
// without removing its old path first, leaves it unwatched or its events with a stale path. So a folder that was renamed
// or removed is forgotten with all below it before anything is added, and an inode is never added under two paths.

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sync/errgroup"
)

// folder is one folder that is looked at. The first group of fields never changes.
type folder struct {
	path   string
	parent *folder // nil for a root

	looking sync.Mutex // held by whoever looks at the folder, so that looks take effect in the order of their reading

	// Guarded by tree.mu.
	kids  map[string]*folder // by path; nil if there are none
	id    identity           // zero until first looked at
	mount *mount             // nil until first looked at
	shot  snapshot           // nil until first looked at
	since map[string]mark    // by name: what was heard of sources after shot was taken; nil if nothing was
	// sparseAt is when shot was taken, in nanoseconds since 1970, if it holds the names but not the stamps of sidecars; else 0.
	sparseAt int64
	mtime    int64   // of the folder when it was last looked at; 0 if it may have changed since
	folding  bool    // the next look is only to put since into shot
	watched  bool    // fsnotify has it
	why      reasons // to poll it
	dead     bool    // forgotten; a look under way must change nothing
	hidden   bool    // dead, and its sources are out of sight rather than gone
}

// reasons says why a folder is polled; none means that its events suffice.
type reasons uint8

const (
	becauseMount  reasons = 1 << iota // its mount sends no reliable events, or polling was asked for
	becauseLimit                      // no watch was to be had
	becauseTwin                       // the same folder is watched under another path
	becauseUnread                     // it could not be read: try again
)

// tree is everything that Run's goroutines share.
type tree struct {
	opt     Options
	deliver func(string)
	desk    *desk
	inbox   *inbox
	notify  *fsnotify.Watcher // nil if the system had none left or it is not wanted
	roots   []*root
	guards  atomic.Pointer[[]guard] // replaced as a whole, with mu held
	again   chan string             // holds the reason for a full look that is wanted at once; never closed
	pulse   chan struct{}           // holds a token when Status should be called; never closed
	nursery chan struct{}           // holds a token while young may hold folders; never closed
	spawn   func(func(context.Context) error)
	moves   *moves

	mu      sync.Mutex                      // guards what follows and the fields of folder, root and mount that say so
	all     map[string]*folder              // by path; all that are not dead
	inodes  map[identity]*folder            // by device and inode (mount left zero): the watched ones
	mounts  map[uint64]*mount               // by mount number
	tops    map[*folder]struct{}            // the topmost folders of mounts inside roots
	young   []*folder                       // to be looked at for the first time, the last first
	polled  map[*mount]map[*folder]struct{} // the folders each poller looks at
	said    map[string]bool                 // what was logged and is not to be logged again
	looks   bool                            // a full look is under way
	raising int                             // how many raisers are at work
}

func newTree(o Options, deliver func(string)) *tree {
	t := &tree{
		opt: o, deliver: deliver, desk: newDesk(o), inbox: newInbox(),
		again: make(chan string, 1), nursery: make(chan struct{}, 1), pulse: make(chan struct{}, 1),
		all: map[string]*folder{}, inodes: map[identity]*folder{}, mounts: map[uint64]*mount{},
		moves: &moves{}, polled: map[*mount]map[*folder]struct{}{}, said: map[string]bool{}, tops: map[*folder]struct{}{},
	}
	t.guards.Store(&[]guard{})
	for _, path := range o.Roots {
		t.roots = append(t.roots, &root{path: path, check: make(chan struct{}, 1)})
	}
	if o.Poll != "always" {
		w, err := fsnotify.NewWatcher()
		if err != nil {
			t.logLimit(err)
		}
		t.notify = w
	}
	return t
}

// run starts the goroutines of the tree in g.
func (t *tree) run(ctx context.Context, g *errgroup.Group) {
	// Pollers are started as mounts are met, by goroutines of the group, which has not ended then.
	t.spawn = func(f func(context.Context) error) { g.Go(func() error { return f(ctx) }) }
	loops := []func(context.Context) error{t.events, t.survey}
	if t.notify != nil {
		loops = append(loops, t.drain)
	}
	for range raisers {
		loops = append(loops, t.raise)
	}
	for range askers {
		loops = append(loops, t.ask)
	}
	for _, r := range t.roots {
		loops = append(loops, func(ctx context.Context) error { return t.tend(ctx, r) })
	}
	for _, f := range loops {
		t.spawn(f)
	}
}

// add makes a folder known. It returns nil if the parent is dead or the folder is known already.
func (t *tree) add(parent *folder, path string) *folder {
	t.mu.Lock()
	defer t.mu.Unlock()
	if parent.dead || t.all[path] != nil {
		return nil
	}
	f := &folder{path: path, parent: parent}
	if parent.kids == nil {
		parent.kids = map[string]*folder{}
	}
	parent.kids[path] = f
	t.all[path] = f
	t.moves.count(path)
	return f
}

// forget drops f and all below it and their watches, and touches their sources, which may be gone now.
func (t *tree) forget(f *folder) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetLocked(f, false)
}

// forgetLocked is forget for callers that hold mu. If hidden is set, the sources are out of sight, not gone, and are not touched.
func (t *tree) forgetLocked(f *folder, hidden bool) {
	if f.dead {
		return
	}
	if _, top := t.tops[f]; top {
		// A mount can't be renamed or removed, so it went away before its folder did.
		hidden = true
		delete(t.tops, f)
		t.setGuards()
		t.desk.drop(f.path)
	}
	t.emptyLocked(f, hidden)
	f.dead, f.hidden = true, hidden
	t.moves.count(f.path)
	t.unwatch(f)
	t.poll(f, 0)
	delete(t.all, f.path)
	if f.parent != nil {
		delete(f.parent.kids, f.path)
	}
}

// emptyLocked drops all below f and its snapshot, but not f itself.
func (t *tree) emptyLocked(f *folder, hidden bool) {
	for _, kid := range f.kids {
		t.forgetLocked(kid, hidden)
	}
	if !hidden {
		var sources []string
		f.shot.each(func(name string) { sources = append(sources, join(f.path, name)) })
		for name := range f.since {
			sources = append(sources, join(f.path, name))
		}
		t.desk.touch(sources...)
	}
	f.shot, f.since = nil, nil
}

// find returns the folder at path, if it is known.
func (t *tree) find(path string) *folder {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all[path]
}

// once tells whether what was not said before, and remembers it. The caller holds mu.
func (t *tree) once(what string) bool {
	was := t.said[what]
	t.said[what] = true
	return !was
}

func (t *tree) status() Status {
	var s Status
	s.Pending, s.Overdue = t.desk.load()
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Looking = t.looks || len(t.young) > 0 || t.raising > 0
	s.Watched = len(t.inodes)
	for _, folders := range t.polled {
		s.Polled += len(folders)
	}
	for _, r := range t.roots {
		if r.top == nil {
			s.Missing++
		}
	}
	return s
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
