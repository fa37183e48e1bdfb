package service

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// loggerConfig is where the events of a logger go: a file, or an event hub.
type loggerConfig struct {
	yamlfile.Place
	File       yamlfile.Text `yaml:"file"`
	Connection *namedValue   `yaml:"connection"`
	EventHub   yamlfile.Text `yaml:"eventHub"`
}

func (c *loggerConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping loggerConfig // which does not decode itself
	if _, ok := node.(*ast.MappingNode); ok {
		d.Into(node, (*mapping)(c))
	}
}

// Logger is where the events of log-to-eventhub go.
type Logger struct {
	// File takes them as lines of JSON; "" is the emulator's own choice.
	File string
	// Hub takes them instead; nil: none does.
	Hub *EventHub
}

// EventHub is an event hub and the key that opens it.
type EventHub struct {
	// Host is the name space's, such as contoso.servicebus.windows.net.
	Host, Name string
	// KeyName and Key are those of a shared access policy with the right to send.
	KeyName, Key string
}

// loggers reads where events go. A service that lists none has every logger, and all of
// them write files.
func (l *loader) loggers(s *Service, configured map[string]loggerConfig) {
	s.Loggers = make(map[string]*Logger)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		c := configured[name]
		logger := &Logger{}
		s.Loggers[name] = logger
		if c.File.Value != "" {
			logger.File = l.path(c.File.Value)
		}
		switch {
		case c.Connection == nil && c.EventHub.Value != "":
			l.fail(c.EventHub.Place, "logger %s: eventHub goes with a connection", name)
		case c.Connection != nil && c.File.Value != "":
			l.fail(c.Place, "logger %s writes a file or has a connection, not both", name)
		case c.Connection != nil && l.Connections:
			logger.Hub = l.eventHub("the connection of logger "+name, &c)
		}
	}
}

// eventHub reads a connection string, of which nothing goes into messages.
func (l *loader) eventHub(what string, c *loggerConfig) *EventHub {
	text, ok := l.value(what, *c.Connection)
	if !ok {
		return nil
	}
	h := &EventHub{Name: c.EventHub.Value}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch strings.TrimSpace(name) {
		case "Endpoint":
			host, isBus := strings.CutPrefix(value, "sb://")
			if h.Host = strings.TrimSuffix(host, "/"); !isBus || strings.ContainsAny(h.Host, "/:@?#") {
				h.Host = ""
			}
		case "SharedAccessKeyName":
			h.KeyName = value
		case "SharedAccessKey":
			h.Key = value
		case "EntityPath":
			if h.Name == "" {
				h.Name = value
			}
		}
	}
	_, err := base64.StdEncoding.DecodeString(h.Key)
	switch {
	case h.Host == "" || h.KeyName == "" || h.Key == "" || err != nil:
		l.fail(c.Connection.Place, "%s is no connection string: Endpoint=sb://NAME.servicebus.windows.net/;SharedAccessKeyName=NAME;SharedAccessKey=KEY;EntityPath=HUB", what)
	case h.Name == "" || strings.ContainsAny(h.Name, "/?#% "):
		l.fail(c.Connection.Place, "%s names no event hub: write eventHub: NAME, or EntityPath=NAME in it", what)
	default:
		return h
	}
	return nil
}
