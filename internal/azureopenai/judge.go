package azureopenai

import (
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/pattern"
)

// blocklistPattern is what a block list may be called (the specification of Azure AI
// Content Safety).
var blocklistPattern = pattern.Lazy(`^[0-9A-Za-z._~-]{1,64}$`)

// judge finds what [ContentSafety] says in texts.
type judge struct {
	rules      []SafetyRule
	shield     []*regexp.Regexp
	blocklists map[string][]blocklistMatch // by name; each item once
}

func newJudge(c ContentSafety) *judge {
	j := &judge{rules: c.Rules, blocklists: make(map[string][]blocklistMatch)}
	for _, pattern := range c.Shield {
		expression, _ := shieldPattern(pattern) // Validate compiled it
		j.shield = append(j.shield, expression)
	}
	for name, terms := range c.Blocklists {
		j.blocklists[name] = []blocklistMatch{}
		for _, term := range terms {
			// An item's id stays the same for its text.
			id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(name+"\x00"+term)).String()
			j.blocklists[name] = append(j.blocklists[name], blocklistMatch{name, id, term})
		}
	}
	return j
}

func shieldPattern(pattern string) (*regexp.Regexp, error) { return regexp.Compile("(?i)" + pattern) }

// severity is the highest of the rules' for a category of which a text has a word.
func (j *judge) severity(category, text string, eight bool) int {
	text = spaced(text)
	highest := 0
	for _, rule := range j.rules {
		if rule.Category != category || rule.Severity <= highest {
			continue
		}
		for _, word := range rule.Words {
			if strings.Contains(text, spaced(word)) {
				highest = rule.Severity
				break
			}
		}
	}
	if !eight {
		highest = fourLevels(highest)
	}
	return highest
}

// blocked are the items of a block list that a text has; false if there is no such list.
func (j *judge) blocked(name, text string) ([]blocklistMatch, bool) {
	items, known := j.blocklists[name]
	text = spaced(text)
	var found []blocklistMatch
	for _, item := range items {
		if strings.Contains(text, spaced(item.BlocklistItemText)) {
			found = append(found, item)
		}
	}
	return found, known
}

// attacks reports whether a text is an attack on a prompt.
func (j *judge) attacks(text string) bool {
	for _, expression := range j.shield {
		if expression.MatchString(text) {
			return true
		}
	}
	return false
}

// spaced is a text's words with a blank around each, so that whole words are found in it.
func spaced(text string) string { return " " + strings.Join(words(text), " ") + " " }
