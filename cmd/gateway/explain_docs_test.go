package main

import "testing"

// TestExplainPage runs the commands of docs/explain.md, beside the files that it shows.
func TestExplainPage(t *testing.T) {
	testPage(t, "explain.md", map[string][]string{"yaml": {"apim.yaml"}, "xml": {"orders.xml", "gold.xml", "check-caller.xml"}})
}
