package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// startQueue runs q in a synctest bubble and stops it at the test's end.
func startQueue(t *testing.T, n int, q *queue) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- q.Run(ctx, n) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestQueueRunsAgainWhatIsAddedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		q := newQueue(func(context.Context, string) (time.Duration, error) {
			runs.Add(1)
			time.Sleep(time.Second)
			return 0, nil
		})
		startQueue(t, 4, q)
		q.Add("a")
		synctest.Wait()
		q.Add("a")
		q.Add("a")
		q.Idle(t.Context())
		if runs.Load() != 2 {
			t.Errorf("%d runs, want 2: three adds, two of them during the first", runs.Load())
		}
		if len(q.states) != 0 {
			t.Errorf("%d paths are kept after their work is done", len(q.states))
		}
	})
}

func TestQueueRetriesWithGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		var times []time.Duration // guarded by mu
		tried := func() []time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(times)
		}
		q := newQueue(func(context.Context, string) (time.Duration, error) {
			mu.Lock()
			times = append(times, time.Since(start))
			mu.Unlock()
			return 0, errors.New("disk full")
		})
		startQueue(t, 1, q)
		q.Add("a")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want := []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second}
		if at := tried(); !slices.Equal(at, want) {
			t.Errorf("tried at %v, want %v", at, want)
		}
		if q.Idle(t.Context()) != 1 {
			t.Error("the failed path is not counted as delayed")
		}
		q.Add("a") // a change: at once, and the pauses begin anew
		synctest.Wait()
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if at := tried(); len(at) != 6 {
			t.Errorf("tried at %v after a change", at)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		at := tried()
		if gap := at[len(at)-1] - at[len(at)-2]; gap != lastRetry {
			t.Errorf("last pause %v, want %v", gap, lastRetry)
		}
	})
}

func TestQueueLooksAgainWhenAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		q := newQueue(func(context.Context, string) (time.Duration, error) {
			if runs.Add(1) == 1 {
				return 5 * time.Second, nil
			}
			return 0, nil
		})
		startQueue(t, 1, q)
		q.Add("a")
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if runs.Load() != 1 {
			t.Errorf("%d runs before the time", runs.Load())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if runs.Load() != 2 || q.Idle(t.Context()) != 0 {
			t.Errorf("%d runs after the time, want 2", runs.Load())
		}
	})
}

// A path is never worked on twice at a time, and the last add is always followed
// by a look.
func TestQueueUnderStorm(t *testing.T) {
	var mu sync.Mutex
	busy, seen, wanted := map[string]bool{}, map[string]int{}, map[string]int{}
	q := newQueue(func(_ context.Context, path string) (time.Duration, error) {
		mu.Lock()
		if busy[path] {
			t.Errorf("%s runs twice at a time", path)
		}
		busy[path] = true
		seen[path] = wanted[path]
		mu.Unlock()
		mu.Lock()
		busy[path] = false
		mu.Unlock()
		return 0, nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { _ = q.Run(ctx, 8) })
	var adders sync.WaitGroup
	for i := range 4 {
		adders.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for range 5000 {
				path := fmt.Sprint(r.IntN(50))
				mu.Lock()
				wanted[path]++
				mu.Unlock()
				q.Add(path)
			}
		})
	}
	adders.Wait()
	q.Idle(ctx)
	cancel()
	all.Wait()
	for path, n := range wanted {
		if seen[path] != n {
			t.Errorf("%s: the last look saw change %d of %d", path, seen[path], n)
		}
	}
}
