package explain

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// source is a service with the documents of its policies.
type source struct {
	service   *service.Service
	documents service.Sources
	bindings  policy.Bindings
}

// isDocument reports whether a file is a policy document, and not an apim.yaml.
func isDocument(file string) bool { return strings.EqualFold(filepath.Ext(file), ".xml") }

// load reads an apim.yaml, or one document as the policy of an API at the root.
func load(file string, catalogue *policy.Catalogue) (*source, error) {
	s := &source{}
	o := s.documents.Inspect(service.Options{
		Catalogue: catalogue,
		// Keys only lead to their subscriptions here.
		Key: func(subscription, slot string) string { return fmt.Sprintf("%s key of %q", slot, subscription) },
	})
	var err error
	if isDocument(file) {
		s.service, err = service.Single(file, exchange.URL{Scheme: "http", Host: "localhost", Port: 80}, o)
		return s, err // what the document refers to stays open
	}
	if s.service, err = service.Load(file, o); err != nil {
		return nil, err
	}
	s.bindings = s.service.Names()
	return s, nil
}
