package extract

import (
	"runtime"
	"sync"
)

// starter starts processes on one thread that lives until it is closed. Linux
// ends a worker when the thread that started it ends, not when the process
// does (prctl(2), PR_SET_PDEATHSIG), and Go may end threads.
type starter struct {
	mu   sync.Mutex // guards the fields below
	jobs chan func()
	wg   sync.WaitGroup
}

// do runs f on the thread.
func (s *starter) do(f func() error) error {
	jobs := s.open()
	res := make(chan error)
	jobs <- func() { res <- f() }
	return <-res
}

// open starts the thread at the first use. No use comes after close.
func (s *starter) open() chan<- func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs == nil {
		jobs := make(chan func())
		s.jobs = jobs
		s.wg.Go(func() {
			runtime.LockOSThread() // for good: the thread ends with it, and with it its late timers
			unhurried()
			for f := range jobs {
				f()
			}
		})
	}
	return s.jobs
}

// close ends the thread.
func (s *starter) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs != nil {
		close(s.jobs)
		s.wg.Wait()
	}
}
