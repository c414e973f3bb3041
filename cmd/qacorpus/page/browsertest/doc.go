// Package browsertest promises that the page of `qacorpus serve` works in a real
// browser: it builds the program, has it serve a copy of the sample corpus, and
// drives a headless Chromium.
//
//	apt-get install -y chromium
//	go test -C cmd/qacorpus/page/browsertest -tags heavy
//
// It is a module of its own, so that qacorpus's does not carry a driver of browsers.
// With -pictures DIR the tests leave what they looked at there.
package browsertest
