package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"qacorpus/install/config"
)

func (a *app) configCommand() *cobra.Command {
	var example, markdown bool
	c := &cobra.Command{
		Use:   "config",
		Short: "Print the settings in force and where each comes from",
		Long: `Prints the settings in force as a configuration file, with the origin of each: a line
of the file, a variable of the environment, the command line, or the default.
Flags beat the environment, which beats the file, which beats the defaults.`,
		Example: `  qacorpus config
  qacorpus config --example > config.toml    a file that describes every setting`,
		Args: arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			data := config.Reference()
			var err error
			switch {
			case example:
				data, err = config.Example(nil)
			case !markdown:
				data, err = a.effective()
			}
			if err != nil {
				return err
			}
			_, err = a.out.Write(data)
			return err
		},
	}
	c.Flags().BoolVar(&example, "example", false, "print a commented file with every setting")
	c.Flags().BoolVar(&markdown, "markdown", false, "print the reference of settings, as in the README")
	c.MarkFlagsMutuallyExclusive("example", "markdown")
	return c
}

// effective writes the settings in force as TOML.
func (a *app) effective() ([]byte, error) {
	c, err := a.load(nil)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if c.File == "" {
		b.WriteString("# no configuration file\n")
	} else {
		fmt.Fprintf(&b, "# configuration file: %q\n", c.File)
	}
	c.Write(&b)
	return b.Bytes(), nil
}
