package trace

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// longestSentence is the most bytes of an explanation.
const longestSentence = 600

// Explanation says in a sentence why x, whose record r is, was refused, in printable ASCII
// and without secrets; "" if it was not.
func (r *Record) Explanation(x *exchange.Exchange) string {
	if x.LastError == nil {
		return ""
	}
	place := x.LastError.Source
	why := x.LastError.Message
	if d := r.Deciding(); d != nil {
		place = d.Name
		if d.Document != "" {
			place += " at " + d.place()
		}
		why = cmp.Or(d.Message, why)
		if d.Detail != "" && d.Detail != why {
			why += " (" + d.Detail + ")"
		}
	}
	text := fmt.Sprintf("%s: %s: %s", place, x.LastError.Reason, why)
	text = r.secrets.Text(SecretsOf(x, r.state.keys...).Mask(text))
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return ' '
		}
		return c
	}, text)
	return text[:min(len(text), longestSentence)]
}
