// Package yamlfile reads the YAML files that people write for the emulator:
// apim.yaml and test files. It takes plain YAML within bounds, puts it into Go
// values by their yaml tags, and tells every mistake with its place.
package yamlfile
