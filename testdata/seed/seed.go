// Package seed holds the files of the service that the emulator runs when none
// is named, and the table of exchanges that the demo and the end-to-end test
// share. They are files first, for people to read; this package carries them in
// the binary.
package seed

import "embed"

// Files are apim.yaml, demo.yaml, rows.yaml and the policy documents.
//
//go:embed *.yaml *.xml
var Files embed.FS
