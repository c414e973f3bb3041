//go:build !race && unix && cgo && !nocgo

package extract_test

// bombMemory is a worker's memory in MiB for TestBomb.
const bombMemory = 128
