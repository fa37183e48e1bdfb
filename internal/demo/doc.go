// Package demo runs the seed's flow against an emulator in this process: signs
// in, calls, streams, and is refused where it must be. The rows it runs stand in
// testdata/seed/rows.yaml; the end-to-end test runs the same.
package demo
