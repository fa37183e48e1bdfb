package lint

import (
	"regexp"
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// secretAttributes hold secrets, by element.
var secretAttributes = map[string][]string{
	"authentication-basic":       {"password"},
	"authentication-certificate": {"password", "body"},
	"proxy":                      {"password"},
}

// secretHeader is a header whose value is a secret; secretText what is one by its
// looks.
var (
	secretHeader = regexp.MustCompile(`(?i)^(authorization|api-?key|x-api-?key|x-functions-key|ocp-apim-subscription-key|x-.*(secret|token|key))$`)
	secretText   = regexp.MustCompile(`(?i)^(Bearer|Basic)\s+[A-Za-z0-9+/=_.~-]{12,}$|^[A-Za-z0-9+/_-]{20,}={0,2}$`)
	inCode       = regexp.MustCompile(`(?i)(client_secret|password|sharedaccesskey|accountkey|sig)=([A-Za-z0-9%+/_~.-]{8,})`)
)

// secrets finds secrets that stand in the document.
func (o *outcome) secrets(st *statement) { o.secretsIn(st.node) }

func (o *outcome) secretsIn(n *policy.Node) {
	for _, name := range secretAttributes[n.Name] {
		if text, ok := literal(n, name); ok && text != "" && !written(n.Attr(name)) {
			o.at(Warning, ruleSecret, n, n.Attr(name), "%s of <%s> stands in clear", name, n.Name)
		}
	}
	if name, ok := literal(n, "name"); ok && (n.Name == "set-header" || n.Name == "set-query-parameter") {
		for _, c := range n.ChildrenNamed("value") {
			v := c.Body()
			if v == nil || c.Open(v) || written(v) {
				continue
			}
			text := v.Text
			if constant, ok := constantText(v); ok {
				text = constant
			} else if v.Expression {
				continue
			}
			header := secretHeader.MatchString(name) || n.Name == "set-query-parameter" && strings.EqualFold(name, "code")
			if header && secretText.MatchString(strings.TrimSpace(text)) {
				o.at(Warning, ruleSecret, c, v, "the value of %s looks like a secret, and stands in clear", name)
			}
		}
	}
	if v := n.Body(); v != nil && strings.Contains(v.Text, "=") && !n.Open(v) && !written(v) && (n.Name == "set-body" || n.Name == "set-url" || n.Name == "value") {
		if m := inCode.FindStringSubmatchIndex(v.Text); m != nil && !strings.ContainsAny(v.Text[m[4]:m[5]], "{}<>") {
			o.inside(Warning, ruleSecret, v, m[0], m[1], "%s stands in clear", v.Text[m[2]:m[3]])
		}
	}
	if holdsStatements(n) {
		return
	}
	for _, c := range n.Children {
		if !holdsStatements(c) {
			o.secretsIn(c)
		}
	}
}

// constantText is the text of an expression that is always the same.
func constantText(v *policy.Value) (string, bool) {
	if v.Compiled() == nil {
		return "", false
	}
	uses := v.Compiled().Uses()
	text, ok := uses.Value.(string)
	return text, ok && uses.Constant
}
