package main

import (
	"errors"
	"io"
	"os"

	"github.com/apimulator/apimulator/internal/testrun"
)

// report writes the files that --junit and --json name.
func (c *testRunCommand) report(p *program, s *testrun.Suite) error {
	for _, r := range []struct {
		file  string
		write func(*testrun.Suite, io.Writer) error
	}{{c.JUnit, (*testrun.Suite).WriteJUnit}, {c.JSON, (*testrun.Suite).WriteJSON}} {
		if r.file == "" {
			continue
		}
		if r.file == "-" {
			if err := r.write(s, p.stdout); err != nil {
				return err
			}
			continue
		}
		file, err := os.Create(r.file)
		if err != nil {
			return err
		}
		if err := errors.Join(r.write(s, file), file.Close()); err != nil {
			return err
		}
	}
	return nil
}
