package azureopenai

import (
	"net/http"
	"slices"
)

// wireModel is a model as the authoring API shows it (azure-openai.md 2.6).
type wireModel struct {
	Status          string            `json:"status"`
	Capabilities    modelCapabilities `json:"capabilities"`
	LifecycleStatus string            `json:"lifecycle_status"`
	Deprecation     modelDeprecation  `json:"deprecation"`
	ID              string            `json:"id"`
	CreatedAt       int64             `json:"created_at"`
	Object          string            `json:"object"`
}

type modelCapabilities struct {
	FineTune       bool `json:"fine_tune"`
	Inference      bool `json:"inference"`
	Completion     bool `json:"completion"`
	ChatCompletion bool `json:"chat_completion"`
	Embeddings     bool `json:"embeddings"`
}

type modelDeprecation struct {
	Inference int64 `json:"inference"`
}

type listOfModels struct {
	Data   []wireModel `json:"data"`
	Object string      `json:"object"`
}

// baseModels are listed whether they are deployed or not, as a region's models are. The
// list is chosen: some of those that this package knows.
var baseModels = []string{
	"gpt-35-turbo-0125", "gpt-4-turbo-2024-04-09", "gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06",
	"gpt-4o-2024-11-20", "gpt-4o-mini-2024-07-18", "o3-mini-2025-01-31", "text-embedding-3-large", "text-embedding-3-small", "text-embedding-ada-002",
}

// Times of models and deployments, in seconds since 1970; chosen.
const (
	modelCreated    = 1_722_902_400 // 6 August 2024
	modelDeprecated = 1_893_456_000 // 1 January 2030
)

func newWireModel(name string) wireModel {
	m := findModel(name)
	return wireModel{
		Status: "succeeded", LifecycleStatus: "generally-available", ID: name, CreatedAt: modelCreated, Object: "model",
		Capabilities: modelCapabilities{Inference: true, ChatCompletion: m.chat, Embeddings: m.dimensions > 0},
		Deprecation:  modelDeprecation{Inference: modelDeprecated},
	}
}

// modelNames are the base models and those deployed.
func (s *Server) modelNames() []string {
	names := slices.Clone(baseModels)
	for _, d := range s.deployments {
		names = append(names, d.modelName)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// serveModels lists models. Deployments are not among them: a deployment's name says nothing
// to this operation.
func (c *call) serveModels() *refusal {
	list := listOfModels{Object: "list"}
	for _, name := range c.server.modelNames() {
		list.Data = append(list.Data, newWireModel(name))
	}
	return c.list(list)
}

func (c *call) serveModel() *refusal {
	if !slices.Contains(c.server.modelNames(), c.parameter) {
		return resourceNotFound()
	}
	return c.list(newWireModel(c.parameter))
}

// list answers with what is there.
func (c *call) list(v any) *refusal {
	c.writeRegion()
	c.send(http.StatusOK, encode(v))
	return nil
}

// wireDeployment is a deployment as the authoring API of 2022-12-01 shows it. A limit in
// tokens is a later thing, so the scale is the standard one.
type wireDeployment struct {
	ScaleSettings scaleSettings `json:"scale_settings"`
	Model         string        `json:"model"`
	Owner         string        `json:"owner"`
	ID            string        `json:"id"`
	Status        string        `json:"status"`
	CreatedAt     int64         `json:"created_at"`
	UpdatedAt     int64         `json:"updated_at"`
	Object        string        `json:"object"`
}

type scaleSettings struct {
	ScaleType string `json:"scale_type"`
}

type listOfDeployments struct {
	Data   []wireDeployment `json:"data"`
	Object string           `json:"object"`
}

func (d *deployment) wire() wireDeployment {
	return wireDeployment{
		ScaleSettings: scaleSettings{"standard"}, Model: d.modelName, Owner: "organization-owner", ID: d.name, Status: "succeeded",
		CreatedAt: modelCreated, UpdatedAt: modelCreated, Object: "deployment",
	}
}

func (c *call) serveDeployments() *refusal {
	list := listOfDeployments{Data: []wireDeployment{}, Object: "list"}
	for _, name := range c.server.deploymentNames() {
		list.Data = append(list.Data, c.server.deployments[name].wire())
	}
	return c.list(list)
}

func (c *call) serveDeployment() *refusal {
	d := c.server.deployments[c.parameter]
	if d == nil {
		return deploymentNotFound()
	}
	return c.list(d.wire())
}
