//go:build heavy && linux

// Package cluster holds ready files that spread a pass over machines. Its tests
// promise that they work with the real schedulers.
package cluster

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Needed besides Go and a C compiler: slurmctld, slurmd, slurm-client and munge.

// parts is how many tasks the pass is spread over, papers how many PDFs.
const (
	parts  = 4
	papers = 400
)

// TestSlurm runs qacorpus.sbatch on a Slurm of one node. One task is killed amid
// its work and queued again by Slurm; then the folder holds what one process would
// have written, and no two tasks have written the same file.
func TestSlurm(t *testing.T) {
	home := t.TempDir()
	bin := filepath.Join(home, "bin", "qacorpus")
	must(t, nil, "go", "build", "-o", bin, "../../cmd/qacorpus")
	whole, spread := filepath.Join(home, "whole"), filepath.Join(home, "spread")
	for _, dir := range []string{whole, spread} {
		must(t, nil, "go", "run", "../../testdata/bigcorpus", "-o", dir, "-n", strconv.Itoa(papers), "-folders", "7", "-qa", "20", "-pages", "4")
	}
	must(t, []string{"XDG_STATE_HOME=" + filepath.Join(home, "alone")}, bin, "sync", whole)

	s := startSlurm(t, home)
	script, err := filepath.Abs("qacorpus.sbatch")
	if err != nil {
		t.Fatal(err)
	}
	env := append(s.env, "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"), "XDG_STATE_HOME="+filepath.Join(home, "state"))
	job := must(t, env, "sbatch", "--parsable", fmt.Sprintf("--array=1-%d", parts), "--output="+filepath.Join(home, "task-%a.log"), script, "-v", spread)
	job = strings.TrimSpace(job)

	victim := killTask(t, fmt.Sprintf("2/%d", parts), spread)
	t.Logf("job %s: killed process %d of task 2", job, victim)
	s.wait(t, "task 2 is queued again", func() bool {
		said := must(t, s.env, "scontrol", "show", "job", job+"_2")
		return field(t, said, "JobState") == "PENDING" && field(t, said, "Restarts") == "1"
	})
	// Slurm would let it rest for two minutes. At once is too early: the task that
	// was killed is not yet forgotten everywhere.
	must(t, s.env, "scontrol", "update", "JobId="+job+"_2", "StartTime=now+5")
	s.wait(t, "all tasks have ended", func() bool {
		return strings.TrimSpace(must(t, s.env, "squeue", "--noheader", "--jobs="+job)) == ""
	})
	for task := 1; task <= parts; task++ {
		said := must(t, s.env, "scontrol", "show", "job", fmt.Sprintf("%s_%d", job, task))
		state, restarts := field(t, said, "JobState"), field(t, said, "Restarts")
		t.Logf("task %d: %s, restarted %s times", task, state, restarts)
		if want := map[bool]string{true: "1", false: "0"}[task == 2]; state != "COMPLETED" || restarts != want {
			t.Errorf("task %d is %s after %s restarts, want COMPLETED after %s", task, state, restarts, want)
		}
	}
	if out, err := exec.Command("diff", "-r", whole, spread).CombinedOutput(); err != nil {
		t.Errorf("not what one process writes: %v\n%.2000s", err, out)
	}
	disjoint(t, home)
}

// killTask waits until the task has written something, and kills it.
func killTask(t *testing.T, part, dir string) int {
	t.Helper()
	var pid int
	poll(t, "task "+part+" is at work", func() bool {
		previews, _ := filepath.Glob(filepath.Join(dir, "*", "*.preview.md"))
		if len(previews) < 10 {
			return false
		}
		names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, name := range names {
			line, _ := os.ReadFile(name)
			if bytes.HasPrefix(line, []byte("qacorpus\x00")) && bytes.Contains(line, []byte("\x00"+part+"\x00")) && bytes.Contains(line, []byte("\x00"+dir+"\x00")) {
				pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(name)))
				return true
			}
		}
		return false
	})
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill task: %v", err)
	}
	return pid
}

// disjoint fails the test if two tasks' logs tell of the same file.
func disjoint(t *testing.T, home string) {
	t.Helper()
	wrote := regexp.MustCompile(`msg=(?:wrote|normalised|replaced|removed|moved) path=(\S+)`)
	by := map[string]int{}
	for task := 1; task <= parts; task++ {
		log, err := os.ReadFile(filepath.Join(home, fmt.Sprintf("task-%d.log", task)))
		if err != nil {
			t.Fatal(err)
		}
		files := 0
		for _, m := range wrote.FindAllSubmatch(log, -1) {
			files++
			if other := by[string(m[1])]; other != 0 && other != task {
				t.Errorf("tasks %d and %d both wrote %s", other, task, m[1])
			}
			by[string(m[1])] = task
		}
		t.Logf("task %d wrote %d files", task, files)
		if files == 0 {
			t.Errorf("task %d wrote nothing; its log:\n%s", task, log)
		}
	}
}

func field(t *testing.T, said, name string) string {
	t.Helper()
	m := regexp.MustCompile(name + `=(\S+)`).FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("no %s in %s", name, said)
	}
	return m[1]
}

// must runs a command and returns its standard output.
func must(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.Bytes())
	}
	return string(out)
}

// poll waits until ready says so.
func poll(t *testing.T, what string, ready func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(4 * time.Minute)
	for !ready() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// slurm is a cluster of one node.
type slurm struct {
	env  []string
	logs []string // of its daemons
}

// wait is poll with a look at the daemons' logs when it is in vain.
func (s *slurm) wait(t *testing.T, what string, ready func() bool) {
	t.Helper()
	t.Cleanup(func() {
		for _, name := range s.logs {
			if data, err := os.ReadFile(name); err == nil && t.Failed() {
				t.Logf("%s:\n%s", name, data[max(0, len(data)-3000):])
			}
		}
	})
	poll(t, what, ready)
}

// startSlurm starts munged, slurmctld and slurmd on the loopback address, with
// everything that they keep in a folder of their own.
func startSlurm(t *testing.T, home string) *slurm {
	t.Helper()
	for _, program := range []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: apt-get install slurmctld slurmd slurm-client munge", program)
		}
	}
	// Sockets and keys must lie in folders that nobody else may write to, which
	// leaves /tmp out.
	dir, err := os.MkdirTemp("/run", "qacorpus-slurm-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Mkdir(at("spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, at("munge.key"), strings.Repeat("not a secret: nothing outside talks to it. ", 25))
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	write(t, at("slurm.conf"), fmt.Sprintf(`ClusterName=qacorpus
SlurmctldHost=%[2]s(127.0.0.1)
SlurmctldPort=%[3]d
SlurmdPort=%[4]d
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%[1]s/munge.socket
CredType=cred/munge
StateSaveLocation=%[1]s/state
SlurmdSpoolDir=%[1]s/spool
SlurmctldPidFile=%[1]s/slurmctld.pid
SlurmdPidFile=%[1]s/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
SchedulerParameters=batch_sched_delay=1
MinJobAge=600
NodeName=%[2]s NodeAddr=127.0.0.1 CPUs=8 RealMemory=16000
PartitionName=main Nodes=ALL Default=YES State=UP
`, dir, host, freePort(t), freePort(t)))
	s := &slurm{env: []string{"SLURM_CONF=" + at("slurm.conf")}}
	s.daemon(t, dir, "munged", "--foreground", "--key-file="+at("munge.key"), "--socket="+at("munge.socket"),
		"--pid-file="+at("munge.pid"), "--log-file="+at("munge.log"), "--seed-file="+at("munge.seed"), "--force")
	s.wait(t, "munged listens", func() bool { _, err := os.Stat(at("munge.socket")); return err == nil })
	s.daemon(t, dir, "slurmctld", "-D", "-f", at("slurm.conf"))
	s.daemon(t, dir, "slurmd", "-D", "-f", at("slurm.conf"))
	s.wait(t, "the node is idle", func() bool {
		c := exec.Command("sinfo", "--noheader", "--format=%T")
		c.Env = append(os.Environ(), s.env...)
		out, _ := c.Output()
		return strings.TrimSpace(string(out)) == "idle"
	})
	return s
}

// daemon starts a program that runs until the test ends.
func (s *slurm) daemon(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, name+".out"))
	if err != nil {
		t.Fatal(err)
	}
	s.logs = append(s.logs, log.Name())
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), s.env...)
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait() // how it ends does not matter
		log.Close()
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// freePort returns a port of the loopback address that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	a, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return a.(*syscall.SockaddrInet4).Port
}

// TestScriptRefuses wants the script to say what is wrong with how it is run
// before it does half of the work.
func TestScriptRefuses(t *testing.T) {
	for _, c := range []struct {
		env  []string
		args []string
		want string
	}{
		{nil, []string{"/corpus"}, "--array=1-N"},
		{[]string{"SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_MAX=3", "SLURM_ARRAY_TASK_COUNT=4"}, []string{"/corpus"}, "--array=1-N"},
		{[]string{"SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=7", "SLURM_ARRAY_TASK_COUNT=4"}, []string{"/corpus"}, "--array=1-N"},
		{[]string{"SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=4", "SLURM_ARRAY_TASK_COUNT=4"}, nil, "usage: "},
	} {
		cmd := exec.Command("sh", slices.Concat([]string{"qacorpus.sbatch"}, c.args)...)
		cmd.Env = append([]string{"PATH=/usr/bin:/bin"}, c.env...)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%q %q: %v, %q, want %q", c.env, c.args, err, out, c.want)
		}
	}
}
