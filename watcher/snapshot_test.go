package watcher

import (
	"slices"
	"testing"
)

func TestSnapshotDiff(t *testing.T) {
	old := pack([]weighed{{"c", 3}, {"a", 1}, {"b", 1}, {"b", 1}})
	now := pack([]weighed{{"b", 2}, {"d", 4}, {"c", 5}, {"\xff\n:", 1}})
	var got []string
	diff(old, now, func(name string) { got = append(got, name) })
	if want := []string{"a", "c", "d", "\xff\n:"}; !slices.Equal(got, want) {
		t.Errorf("diff = %q, want %q", got, want)
	}
	got = nil
	now.each(func(name string) { got = append(got, name) })
	if want := []string{"b", "c", "d", "\xff\n:"}; !slices.Equal(got, want) {
		t.Errorf("each = %q, want %q", got, want)
	}
	diff(now, now, func(name string) { t.Errorf("%q differs from itself", name) })
	diff(nil, pack(nil), func(name string) { t.Errorf("%q is in an empty snapshot", name) })
}

func TestWeighTellsStampsApart(t *testing.T) {
	base := stamp{size: 1, blocks: 2, mtime: 3, ctime: 4, inode: 5}
	seen := map[uint64]string{weigh("x", base): "base", weigh("y", base): "name"}
	for what, change := range map[string]func(*stamp){
		"size": func(s *stamp) { s.size++ }, "blocks": func(s *stamp) { s.blocks++ }, "mtime": func(s *stamp) { s.mtime++ },
		"ctime": func(s *stamp) { s.ctime++ }, "inode": func(s *stamp) { s.inode++ },
	} {
		st := base
		change(&st)
		w := weigh("x", st)
		if other, ok := seen[w]; ok {
			t.Errorf("%s weighs the same as %s", what, other)
		}
		seen[w] = what
	}
}
