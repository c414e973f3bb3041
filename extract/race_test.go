//go:build race && unix && cgo && !nocgo

package extract_test

// bombMemory is a worker's memory in MiB for TestBomb. The race detector's
// own needs more than the least that a pool allows.
const bombMemory = 512
