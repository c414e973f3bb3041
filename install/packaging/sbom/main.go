// Command sbom promises a bill of materials that is true of one binary: it reads
// the modules that the Go linker noted in it, and adds what is linked in besides
// them.
//
//	sbom VERSION MUPDF BINARY > qacorpus.cdx.json
//
// Design notes. The format is CycloneDX (https://cyclonedx.org). There is no time
// and no serial number in it, so that the same binary gives the same bytes.
package main

import (
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: sbom VERSION MUPDF BINARY")
		os.Exit(2)
	}
	if err := write(os.Stdout, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(w io.Writer, version, mupdf, binary string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read build information: %w", err)
	}
	bom := cdx.NewBOM()
	program := cdx.Component{BOMRef: "qacorpus", Type: cdx.ComponentTypeApplication, Name: "qacorpus", Version: version, Licenses: agpl()}
	bom.Metadata = &cdx.Metadata{Component: &program}
	parts := []cdx.Component{
		{BOMRef: "go", Type: cdx.ComponentTypeLibrary, Name: "std", Version: info.GoVersion,
			Description: "Go's standard library and runtime", PackageURL: "pkg:golang/std@" + info.GoVersion[len("go"):]},
		{BOMRef: "mupdf", Type: cdx.ComponentTypeLibrary, Name: "mupdf", Version: mupdf, Licenses: agpl(),
			Description: "linked in from the static libraries that github.com/gen2brain/go-fitz carries, with the libraries that MuPDF bundles",
			PackageURL:  "pkg:generic/mupdf@" + mupdf},
	}
	for _, dep := range info.Deps {
		parts = append(parts, module(dep))
	}
	refs := make([]string, len(parts))
	for i, part := range parts {
		refs[i] = part.BOMRef
	}
	bom.Components = &parts
	bom.Dependencies = &[]cdx.Dependency{{Ref: "qacorpus", Dependencies: &refs}}
	return cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
}

// module is one Go module; one that was replaced is what it was replaced by.
func module(m *debug.Module) cdx.Component {
	if m.Replace != nil {
		m = m.Replace
	}
	url := "pkg:golang/" + m.Path + "@" + m.Version
	return cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url,
		Properties: &[]cdx.Property{{Name: "go:sum", Value: m.Sum}}}
}

func agpl() *cdx.Licenses {
	return &cdx.Licenses{{License: &cdx.License{ID: "AGPL-3.0-only"}}}
}
