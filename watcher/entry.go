package watcher

// What the settler knows of a path that was touched, what it gives an asker to do, and what it gets back.

import "time"

// stamp is what tells one state of a file from another without reading it. Times are in nanoseconds since 1970.
type stamp struct {
	size, blocks, mtime, ctime int64
	inode                      uint64
}

// observation is one look at a path on disk.
type observation struct {
	exists bool // a regular file, or a link
	hidden bool // not there, but its mount or root is not there either: says nothing about the file
	// homeless: the tree does not know its folder, yet or any more. If it comes and goes before it is looked at, nobody
	// touches its sources.
	homeless bool
	moves    uint64        // how often a folder on the way to the path came or went so far; see tree.moves
	lagging  bool          // events wait to be handled, so moves may not tell all
	stamp    stamp         // valid if exists
	asked    bool          // Check was called
	said     Verdict       // its answer
	took     time.Duration // how long it took
}

// entry is the state of one path that was touched and is not settled yet, or was delivered a moment ago.
type entry struct {
	path     string
	due      time.Time
	position int           // in the heap; -1 while an asker has it
	first    time.Time     // first touch since the last delivery
	touched  time.Time     // last touch
	changed  time.Time     // when the stamp was last seen to differ
	grown    time.Time     // when size or blocks were last seen to differ
	gone     time.Time     // since when the path has been away; zero while it exists
	stamp    stamp         // as last observed
	said     Verdict       // as last answered
	known    bool          // said belongs to stamp
	judged   stamp         // what said belongs to
	judgedAt time.Time     // when it was answered
	news     bool          // touched since it was last handed to an asker
	asked    time.Time     // end of the last observation
	spent    time.Duration // on checks since the last delivery
	pause    time.Duration // shortest pause until the next check
	retry    time.Duration // next pause while busy
	cooling  bool          // delivered; waits only to gather further touches
	cool     time.Duration // length of that wait
	cooled   time.Time     // end of that wait: no delivery before
	unsure   int           // how often it was delivered as gone while homeless, without a break
	moves    uint64        // of the observation that led to the last such delivery
	dropped  bool          // an asker has it still, but it is not in entries any more
}

// job is one entry handed to an asker, with what it needs to know to observe the path. Only the settler follows entry.
type job struct {
	entry *entry
	path  string
	stamp stamp // as last observed
	news  bool  // touched since it was observed last
	force bool  // check even if the stamp is the same
	// spare leaves a file alone whose times move and which else is as judged, incomplete a moment ago.
	spare  bool
	judged stamp
}

// wantsCheck tells whether the file must be asked about, now that st is known: an unchanged one was judged before.
func (j job) wantsCheck(st stamp) bool {
	if j.spare && st != j.stamp && st.sameContent(j.judged) {
		return false
	}
	return st.size > 0 && (j.force || st != j.stamp)
}

// sameContent tells whether nothing but the times differs.
func (st stamp) sameContent(other stamp) bool {
	return st.size == other.size && st.blocks == other.blocks && st.inode == other.inode
}

// byDue is a heap of entries, the one due first on top.
type byDue []*entry

func (q byDue) Len() int           { return len(q) }
func (q byDue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q byDue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].position, q[j].position = i, j
}
func (q *byDue) Push(x any) {
	e := x.(*entry)
	e.position = len(*q)
	*q = append(*q, e)
}
func (q *byDue) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return e
}
