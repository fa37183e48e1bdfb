package emulator

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/service"
)

// runningFile is the file of the state folder by which the client finds a
// running emulator. Only its owner can read it. It is written after management.json and
// goes before it when the emulator ends, so that who sees it finds that, too.
const runningFile = "running.json"

type running struct {
	PID             int    `json:"pid"`
	Gateway         string `json:"gateway"`
	Authority       string `json:"authority"`
	ClientID        string `json:"clientId"`
	Scope           string `json:"scope"`
	SubscriptionKey string `json:"subscriptionKey"`
	Endpoint        string `json:"endpoint"`
	CABundle        string `json:"caBundle"`
}

func (e *Emulator) writeRunning(s *service.Service) error {
	for _, file := range []struct {
		name    string
		content any
	}{
		{management.AddressFile, management.Address{URL: e.Management(), Token: e.bearer}},
		{runningFile, running{
			PID: os.Getpid(), Gateway: e.Gateway(), Authority: e.Authority(), ClientID: e.public.clientID, Scope: e.public.clientID + "/.default",
			SubscriptionKey: e.Key(""), Endpoint: e.Gateway() + e.chatPath(s), CABundle: e.bundle,
		}},
	} {
		data, err := json.MarshalIndent(file.content, "", "  ")
		if err != nil {
			return err
		}
		if err := e.state.write(file.name, data); err != nil {
			return fmt.Errorf("%s can't be written to the state folder: %w", file.name, err)
		}
	}
	return nil
}

// Key is the primary key of a subscription; of the first active one if name is
// "". It is "" if there is none.
func (e *Emulator) Key(name string) string {
	for _, sub := range e.Service().Subscriptions {
		if name == "" && sub.Active || sub.View.ID == name {
			return sub.View.PrimaryKey
		}
	}
	return ""
}

// apiVersion is the one the sample that this project grew from uses.
const apiVersion = "2023-09-01-preview"

// chatPath is the path and query of a chat completion through the gateway: that
// of the operation for it, else the usual one below the first API.
func (e *Emulator) chatPath(s *service.Service) string {
	a, template := chatOperation(s)
	if a == nil {
		a, template = s.APIs[0], "/deployments/{deployment-id}"+chatCompletions
	}
	open, end := strings.IndexByte(template, '{'), strings.IndexByte(template, '}')
	if open >= 0 && end > open {
		template = template[:open] + defaultDeployment + template[end+1:]
	}
	return join(a.Prefix(), template) + "?api-version=" + apiVersion
}

const chatCompletions = "/chat/completions"

// chatOperation is the first operation whose template looks like a chat
// completion's, nil if there is none.
func chatOperation(s *service.Service) (*service.API, string) {
	for _, a := range s.APIs {
		if a.RevisionOf != nil {
			continue
		}
		for _, o := range a.Operations {
			if template := o.View.URLTemplate; strings.HasSuffix(template, chatCompletions) {
				return a, template
			}
		}
	}
	return nil, ""
}

// Chats reports whether a chat completion can be asked for at [Emulator.ChatEndpoint]:
// whether an operation looks like one, or the first API stands before an Azure
// OpenAI.
func (e *Emulator) Chats() bool {
	s := e.Service()
	if a, _ := chatOperation(s); a != nil {
		return true
	}
	target, mapped := e.hosts.Load().Lookup(s.APIs[0].Backend.Host)
	return mapped && target.Party == hosts.AzureOpenAI
}

const defaultDeployment = "gpt-4o"

func join(prefix, path string) string {
	if prefix == "" {
		return path
	}
	return "/" + prefix + path
}

// ChatEndpoint is where a chat completion is asked for.
func (e *Emulator) ChatEndpoint() string { return e.Gateway() + e.chatPath(e.Service()) }
