package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"qacorpus/sidecar/preview"
)

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of qacorpus, MuPDF and Go",
		Example: "  qacorpus version",
		Args:    arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			v := versions()
			text := fmt.Sprintf("qacorpus %s\nMuPDF %s\nGo %s %s/%s\n", v.Qacorpus, v.MuPDF, v.Go, runtime.GOOS, runtime.GOARCH)
			if asJSON {
				var err error
				if text, err = jsonLine(v); err != nil {
					return err
				}
			}
			_, err := io.WriteString(a.out, text)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

type versionInfo struct {
	Qacorpus string `json:"qacorpus"`
	MuPDF    string `json:"mupdf"`
	Go       string `json:"go"`
	Preview  int    `json:"preview_format"`
}

// versions reads what the Go tool put into the binary: the module's version or,
// for one built from a checkout, the commit.
func versions() versionInfo {
	v := versionInfo{Qacorpus: "unknown", MuPDF: preview.MuPDF, Go: runtime.Version(), Preview: preview.Format}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Qacorpus = info.Main.Version
	return v
}
