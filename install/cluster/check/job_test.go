// Package check promises that ../job.yaml is what Kubernetes' API takes, and asks
// for each part of a pass once.
package check

import (
	"fmt"
	"os"
	"slices"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/yaml"
)

func TestJob(t *testing.T) {
	data, err := os.ReadFile("../job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job batchv1.Job
	if err := yaml.UnmarshalStrict(data, &job); err != nil { // refuses fields that the API does not have
		t.Fatal(err)
	}
	if job.APIVersion != "batch/v1" || job.Kind != "Job" {
		t.Errorf("%s %s, want batch/v1 Job", job.APIVersion, job.Kind)
	}
	s := job.Spec
	if s.CompletionMode == nil || *s.CompletionMode != batchv1.IndexedCompletion || s.Completions == nil || s.Parallelism == nil {
		t.Fatal("not an indexed job with completions and parallelism")
	}
	pod := s.Template.Spec
	if len(pod.Containers) != 1 {
		t.Fatalf("%d containers, want 1", len(pod.Containers))
	}
	c := pod.Containers[0]
	// The job's controller sets JOB_COMPLETION_INDEX, from 0, in every container:
	// https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/
	want := []string{"sync", "--shard", fmt.Sprintf("$(JOB_COMPLETION_INDEX)/%d", *s.Completions), "/corpus"}
	if !slices.Equal(c.Args, want) {
		t.Errorf("arguments %q, want %q", c.Args, want)
	}
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = true
	}
	mounts := map[string]bool{}
	for _, m := range c.VolumeMounts {
		mounts[m.MountPath] = true
		if !volumes[m.Name] {
			t.Errorf("volume %q is mounted and not there", m.Name)
		}
	}
	for _, path := range []string{"/corpus", "/state"} {
		if !mounts[path] {
			t.Errorf("nothing is mounted at %s", path)
		}
	}
}
