package main

import (
	"github.com/spf13/cobra"

	"qacorpus/sidecar/qa"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a QA file, for editors",
		Long: `Prints the JSON Schema of a question-answer file. An editor that knows it completes
keys and underlines mistakes while you type; the README says how to set that up.`,
		Example: "  qacorpus schema > qa.schema.json",
		Args:    arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			_, err := a.out.Write(qa.Schema())
			return err
		},
	}
}
