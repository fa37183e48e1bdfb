package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand is `gateway version`.
type versionCommand struct{}

// Run prints the version that the build recorded.
func (versionCommand) Run(p *program) error {
	version := "(built from a checkout)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Fprintf(p.stdout, "apimulator %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
