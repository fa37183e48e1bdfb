package ai

import (
	"errors"
	"strconv"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// LLMContentSafety defines <llm-content-safety>.
func LLMContentSafety() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "llm-content-safety",
			Doc:  "Refuses a prompt that the content safety service finds harmful.",
			Attributes: []policy.Attribute{
				{Name: "backend-id", Doc: "Backend of the content safety service.", Type: policy.String, Required: true, Expression: true},
				{Name: "shield-prompt", Doc: "Look for attacks on the model too.", Type: policy.Bool, Default: "false", Expression: true},
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Max: 1, Element: policy.Element{
					Name: "categories", Doc: "Kinds of harm.",
					Attributes: []policy.Attribute{{Name: "output-type", Doc: "Severities 0, 2, 4, 6 or 0 to 7.", Type: policy.Enum,
						Values: []string{"FourSeverityLevels", "EightSeverityLevels"}, Default: "FourSeverityLevels", Expression: true}},
					Children: []policy.Child{{Min: 1, Element: policy.Element{Name: "category", Doc: "A kind of harm.", Attributes: []policy.Attribute{
						{Name: "name", Doc: "Its name.", Type: policy.Enum, Values: []string{"Hate", "SelfHarm", "Sexual", "Violence"}, Required: true, Expression: true},
						{Name: "threshold", Doc: "Severity from which on a prompt is refused.", Type: policy.Int, Max: 7, Required: true, Expression: true},
					}}}},
				}},
				{Max: 1, Element: policy.Element{Name: "blocklists", Doc: "Lists of the service.", Children: []policy.Child{
					{Min: 1, Element: policy.Element{Name: "id", Doc: "A list's id.", Text: policy.TrimmedText}}}}},
			},
		},
		Category: "ai",
		Facts:    contentSafetyFacts,
		Sections: policy.InboundOnly,
		Compile:  compileContentSafety,
	}
}

type contentSafety struct {
	backend    policy.Operand[string]
	shield     policy.Operand[bool]
	output     policy.Operand[string]
	categories []harmCategory
	blocklists []policy.Operand[string]
}

// harmCategory is a kind of harm, and from which severity on a prompt is refused.
type harmCategory struct {
	name      policy.Operand[string]
	threshold policy.Operand[int]
}

func compileContentSafety(n *policy.Node) (policy.Step, error) {
	s := &contentSafety{backend: n.String("backend-id"), shield: n.Bool("shield-prompt")}
	if c := n.Child("categories"); c != nil {
		s.output = c.String("output-type")
		for _, category := range c.ChildrenNamed("category") {
			s.categories = append(s.categories, harmCategory{category.String("name"), category.Int("threshold")})
		}
	}
	if c := n.Child("blocklists"); c != nil {
		s.blocklists = c.Contents("id")
	}
	return s, n.CheckBackend("backend-id")
}

// Run refuses a request that the service finds harmful.
func (s *contentSafety) Run(r *policy.Run) error {
	text, err := safetyText(r)
	if err != nil || text == "" {
		return err
	}
	backend, err := s.backend.Get(r)
	if err != nil {
		return err
	}
	found, err := s.analyze(r, backend, text)
	if err == nil && found == "" {
		found, err = s.attack(r, backend, text)
	}
	switch {
	case err != nil:
		return safetyFailure(err)
	case found != "":
		return unsafe(found)
	}
	r.Note("llm-content-safety", "The content safety service found no harm.")
	return nil
}

// safetyText is all text of the request, joined; "": there is none. Chosen: of a body in
// which no prompt is known it is all of it, so that nothing slips through.
func safetyText(r *policy.Run) (string, error) {
	d, err := dialogueOf(r)
	if err != nil {
		return "", err
	}
	if d != nil {
		return d.text(false), nil
	}
	body, err := r.Request.Body.Buffer(r.Env.BodyLimit)
	return string(body), err
}

// unsafe is the failure of a prompt that is refused. The caller's text is recorded in
// several projects' notes, such as github.com/Azure-Samples/AI-Gateway's lab; reason and
// what stands in LastError are chosen.
func unsafe(detail string) error {
	f := &exchange.Failure{Status: 403, Detail: detail}
	f.Reason, f.Message = exchange.ReasonContentSafety, exchange.MessageContentSafety
	return f
}

// safetyFailure is the failure of a service that gave no judgement. The page has 500;
// notes tell that one which refuses the gateway itself, as without a role, makes a 403
// that looks like a judgement.
func safetyFailure(err error) error {
	var status *badStatus
	if errors.As(err, &status) && status.status != 400 && status.status < 500 {
		return unsafe("the content safety service answered " + strconv.Itoa(status.status) + ": see credentials and roles of the backend, and the block lists' names")
	}
	var known *exchange.Failure
	if errors.As(err, &known) {
		return err
	}
	f := &exchange.Failure{Status: 500, Detail: "the content safety service gave no judgement: " + err.Error(), Err: err}
	f.Reason, f.Message = exchange.ReasonInternal, exchange.MessageInternal
	return f
}
