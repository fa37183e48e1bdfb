package ai

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/apimulator/apimulator/policy"
)

// The calls of Azure AI Content Safety (azure-rest-api-specs, ContentSafety). That APIM
// uses this version is chosen.
const (
	analyzePath   = "/contentsafety/text:analyze"
	shieldPath    = "/contentsafety/text:shieldPrompt"
	safetyVersion = "api-version=2024-09-01"
)

var errNoJudgement = errors.New("its answer is not of the form that is known")

type analyzeRequest struct {
	Text       string   `json:"text"`
	Categories []string `json:"categories,omitempty"`
	Blocklists []string `json:"blocklistNames,omitempty"`
	OutputType string   `json:"outputType,omitempty"`
}

type analyzeAnswer struct {
	BlocklistsMatch []struct {
		BlocklistName string `json:"blocklistName"`
	} `json:"blocklistsMatch"`
	CategoriesAnalysis []struct {
		Category string `json:"category"`
		Severity int    `json:"severity"`
	} `json:"categoriesAnalysis"`
}

// analyze tells for what a text is refused; "": for nothing.
func (s *contentSafety) analyze(r *policy.Run, backend, text string) (found string, err error) {
	if len(s.categories)+len(s.blocklists) == 0 {
		return "", nil
	}
	q := analyzeRequest{Text: text}
	thresholds := make(map[string]int)
	for _, c := range s.categories {
		name, err := c.name.Get(r)
		if err != nil {
			return "", err
		}
		if thresholds[name], err = c.threshold.Get(r); err != nil {
			return "", err
		}
		q.Categories = append(q.Categories, name)
	}
	if q.OutputType, err = s.output.Get(r); err != nil {
		return "", err
	}
	if q.Blocklists, err = policy.All(r, s.blocklists); err != nil {
		return "", err
	}
	var answer analyzeAnswer
	if err := askSafety(r, backend, analyzePath, q, &answer); err != nil {
		return "", err
	}
	for _, match := range answer.BlocklistsMatch {
		return "it has a term of the block list " + match.BlocklistName, nil
	}
	for _, c := range answer.CategoriesAnalysis {
		if threshold, asked := thresholds[c.Category]; asked && c.Severity >= threshold {
			return fmt.Sprintf("%s has the severity %d; from %d on it is refused", c.Category, c.Severity, threshold), nil
		}
	}
	return "", nil
}

// attack tells whether a text is an attack on the model.
func (s *contentSafety) attack(r *policy.Run, backend, text string) (found string, err error) {
	if shield, err := s.shield.Get(r); err != nil || !shield {
		return "", err
	}
	q := struct {
		UserPrompt string   `json:"userPrompt"`
		Documents  []string `json:"documents"`
	}{text, []string{}}
	var answer struct {
		UserPromptAnalysis *struct {
			AttackDetected bool `json:"attackDetected"`
		} `json:"userPromptAnalysis"`
	}
	if err := askSafety(r, backend, shieldPath, q, &answer); err != nil {
		return "", err
	}
	switch {
	case answer.UserPromptAnalysis == nil:
		return "", errNoJudgement
	case answer.UserPromptAnalysis.AttackDetected:
		return "it is an attack on the model", nil
	}
	return "", nil
}

func askSafety(r *policy.Run, backend, path string, q, answer any) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	data, err := ask(r, question{backend: backend, path: path, query: safetyVersion, body: body})
	if err == nil && json.Unmarshal(data, answer) != nil {
		err = errNoJudgement
	}
	return err
}
