package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/apimulator/apimulator/internal/testrun"
)

// testInitCommand is `gateway test init`.
type testInitCommand struct {
	Subject string `arg:"" placeholder:"SERVICE|POLICY" help:"An apim.yaml, a policy document or a fragment."`
	Out     string `short:"o" placeholder:"FILE" help:"Where to write the tests; the standard output if absent."`
	Force   bool   `help:"Write over a file that is there."`
}

// Help is what --help says below the flags.
func (testInitCommand) Help() string {
	return `For each operation the file has a good request, and one for each refusal that its policies imply. The tests pass as they are written: read them, and say what you expect.`
}

// Run writes the file.
func (c *testInitCommand) Run(p *program) error {
	if c.Out != "" && !c.Force {
		if _, err := os.Stat(c.Out); !errors.Is(err, fs.ErrNotExist) {
			return unusable(fmt.Errorf("%s is there already: name another file, or say --force", c.Out))
		}
	}
	text, err := testrun.Init(c.Subject, c.Out)
	if err != nil {
		return unusable(err)
	}
	if c.Out == "" {
		_, err = p.stdout.Write(text)
		return err
	}
	if err := os.WriteFile(c.Out, text, 0o666); err != nil {
		return unusable(err)
	}
	return nil
}
