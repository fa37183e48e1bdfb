package azureopenai

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"unicode/utf8"
)

// Azure AI Content Safety, as far as its specification says (azure-rest-api-specs,
// ContentSafety 2024-09-01). Its error texts are chosen.

// Bounds of the service (Azure's page of its limits).
const (
	maxSafetyText      = 10_000 // characters of a text to analyze, or of a prompt
	maxSafetyDocuments = 5
)

// analyzeRequest is a text to analyze.
type analyzeRequest struct {
	text       string
	categories []string
	blocklists []string
	halt       bool // look for harm only where no block list has a hit
	eight      bool // eight levels of severity in place of four
}

type analyzeAnswer struct {
	BlocklistsMatch    []blocklistMatch `json:"blocklistsMatch"`
	CategoriesAnalysis []categoryResult `json:"categoriesAnalysis"`
}

type blocklistMatch struct {
	BlocklistName     string `json:"blocklistName"`
	BlocklistItemID   string `json:"blocklistItemId"`
	BlocklistItemText string `json:"blocklistItemText"`
}

type categoryResult struct {
	Category string `json:"category"`
	Severity int    `json:"severity"`
}

// invalidSafetyRequest is for whatever is wrong with a body.
func invalidSafetyRequest(format string, args ...any) *refusal {
	r := gatewayError(http.StatusBadRequest, "InvalidRequestBody", fmt.Sprintf(format, args...))
	r.regional = true
	r.set("X-Ms-Error-Code", "InvalidRequestBody")
	return r
}

// serveAnalyzeText answers text:analyze.
func (c *call) serveAnalyzeText() *refusal {
	body, refused := c.enter()
	if refused != nil {
		return refused
	}
	q, refused := parseAnalyzeRequest(body)
	if refused != nil {
		return refused
	}
	answer := analyzeAnswer{BlocklistsMatch: []blocklistMatch{}, CategoriesAnalysis: []categoryResult{}}
	for _, name := range q.blocklists {
		matches, known := c.server.judge.blocked(name, q.text)
		if !known {
			return blocklistNotFound(name)
		}
		answer.BlocklistsMatch = append(answer.BlocklistsMatch, matches...)
	}
	if len(answer.BlocklistsMatch) == 0 || !q.halt {
		for _, category := range q.categories {
			answer.CategoriesAnalysis = append(answer.CategoriesAnalysis, categoryResult{category, c.server.judge.severity(category, q.text, q.eight)})
		}
	}
	return c.safetyAnswer(answer)
}

func (c *call) safetyAnswer(answer any) *refusal {
	if !c.wait(c.server.config.Latency.FirstToken) {
		return clientGone
	}
	c.writeRegion()
	c.answer(encode(answer))
	return nil
}

func blocklistNotFound(name string) *refusal {
	r := gatewayError(http.StatusNotFound, "NotFound", "The blocklist "+clip(name)+" is not found; of apimulator's, azureOpenAI.contentSafety.blocklists lists them.")
	r.regional = true
	r.set("X-Ms-Error-Code", "NotFound")
	return r
}

// parseAnalyzeRequest reads the body of text:analyze. It takes any bytes.
func parseAnalyzeRequest(body []byte) (*analyzeRequest, *refusal) {
	var fields struct {
		Text               *string
		Categories         []string
		BlocklistNames     []string
		HaltOnBlocklistHit bool
		OutputType         *string
	}
	if json.Unmarshal(body, &fields) != nil {
		return nil, invalidSafetyRequest("The request body is not the JSON object that text:analyze takes.")
	}
	q := &analyzeRequest{categories: fields.Categories, blocklists: fields.BlocklistNames, halt: fields.HaltOnBlocklistHit}
	if fields.Text == nil {
		return nil, invalidSafetyRequest("The text is missing.")
	}
	q.text = *fields.Text
	if refused := checkSafetyText("text", q.text); refused != nil {
		return nil, refused
	}
	if q.text == "" {
		return nil, invalidSafetyRequest("The text is empty.")
	}
	for _, category := range q.categories {
		if !slices.Contains(safetyCategories, category) {
			return nil, invalidSafetyRequest("The category %q is not one of Hate, SelfHarm, Sexual and Violence.", clip(category))
		}
	}
	if len(q.categories) == 0 {
		q.categories = safetyCategories
	}
	if fields.OutputType != nil {
		switch *fields.OutputType {
		case "FourSeverityLevels":
		case "EightSeverityLevels":
			q.eight = true
		default:
			return nil, invalidSafetyRequest("The outputType %q is not one of FourSeverityLevels and EightSeverityLevels.", clip(*fields.OutputType))
		}
	}
	return q, nil
}

func checkSafetyText(name, text string) *refusal {
	if n := utf8.RuneCountInString(text); n > maxSafetyText {
		return invalidSafetyRequest("The %s has %d characters; the most are %d.", name, n, maxSafetyText)
	}
	return nil
}

type shieldAnswer struct {
	UserPromptAnalysis *attackResult  `json:"userPromptAnalysis,omitempty"`
	DocumentsAnalysis  []attackResult `json:"documentsAnalysis,omitempty"`
}

type attackResult struct {
	AttackDetected bool `json:"attackDetected"`
}

// serveShieldPrompt answers text:shieldPrompt.
func (c *call) serveShieldPrompt() *refusal {
	body, refused := c.enter()
	if refused != nil {
		return refused
	}
	var q struct {
		UserPrompt *string
		Documents  []string
	}
	switch {
	case json.Unmarshal(body, &q) != nil:
		return invalidSafetyRequest("The request body is not the JSON object that text:shieldPrompt takes.")
	case q.UserPrompt == nil && len(q.Documents) == 0:
		return invalidSafetyRequest("Neither userPrompt nor documents is given.")
	case len(q.Documents) > maxSafetyDocuments:
		return invalidSafetyRequest("There are %d documents; the most are %d.", len(q.Documents), maxSafetyDocuments)
	}
	var answer shieldAnswer
	if q.UserPrompt != nil {
		if refused := checkSafetyText("userPrompt", *q.UserPrompt); refused != nil {
			return refused
		}
		answer.UserPromptAnalysis = &attackResult{c.server.judge.attacks(*q.UserPrompt)}
	}
	for _, document := range q.Documents {
		if refused := checkSafetyText("document", document); refused != nil {
			return refused
		}
		answer.DocumentsAnalysis = append(answer.DocumentsAnalysis, attackResult{c.server.judge.attacks(document)})
	}
	return c.safetyAnswer(answer)
}

// safetyCategories are what texts are analyzed for, in the order of the answer.
var safetyCategories = []string{"Hate", "SelfHarm", "Sexual", "Violence"}

// maxSeverity is the highest of eight levels.
const maxSeverity = 7

// ContentSafety is what the emulated Azure AI Content Safety finds. It judges by words
// alone; without rules it finds nothing.
type ContentSafety struct {
	// Rules tell which words are harmful.
	Rules []SafetyRule `yaml:"rules"`
	// Shield are texts or regular expressions in RE2 syntax, letter case not minded, by
	// which an attack on a prompt is known.
	Shield []string `yaml:"shield"`
	// Blocklists are lists of terms, by their names.
	Blocklists map[string][]string `yaml:"blocklists"`
}

// SafetyRule gives a text that holds one of the words a severity in a category. Of several
// rules the highest severity counts.
type SafetyRule struct {
	// Words are whole words, or several with blanks, letter case not minded.
	Words []string `yaml:"words"`
	// Category is Hate, SelfHarm, Sexual or Violence.
	Category string `yaml:"category"`
	// Severity is 1 to 7. Where a request asks for four levels, an odd one counts as the
	// even one below.
	Severity int `yaml:"severity"`
}

func (c ContentSafety) validate(f *findings) {
	const place = "contentSafety"
	for i, rule := range c.Rules {
		rule.validate(f, at(place+".rules", i))
	}
	for i, pattern := range c.Shield {
		if _, err := shieldPattern(pattern); err != nil || pattern == "" {
			f.add(at(place+".shield", i), "%q is not a regular expression in RE2 syntax", pattern)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Blocklists)) {
		if !blocklistPattern().MatchString(name) {
			f.add(place+".blocklists."+name, "the name is not 1 to 64 of A-Z a-z 0-9 . _ ~ -")
		}
		if slices.ContainsFunc(c.Blocklists[name], func(term string) bool { return len(words(term)) == 0 }) {
			f.add(place+".blocklists."+name, "a term has no letter and no digit")
		}
	}
}

func (r SafetyRule) validate(f *findings, place string) {
	if len(r.Words) == 0 || slices.ContainsFunc(r.Words, func(word string) bool { return len(words(word)) == 0 }) {
		f.add(place+".words", "give at least one word, each with a letter or digit")
	}
	if !slices.Contains(safetyCategories, r.Category) {
		f.add(place+".category", "%q is not one of %v", r.Category, safetyCategories)
	}
	if r.Severity < 1 || r.Severity > maxSeverity {
		f.add(place+".severity", "%d is not between 1 and %d", r.Severity, maxSeverity)
	}
}

// fourLevels is a severity of eight levels as one of 0, 2, 4 and 6.
func fourLevels(severity int) int { return severity / 2 * 2 }
