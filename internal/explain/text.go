package explain

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/service"
)

// WriteText prints what applies, and then the policy with the file and line of each
// line before it.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, row := range r.rows() {
		if row[1] != "" {
			fmt.Fprintf(&b, "%-14s %s\n", row[0], row[1])
		}
	}
	for _, d := range r.NotRun {
		fmt.Fprintf(&b, "%-14s %s\n", "does not run", d)
	}
	b.WriteByte('\n')
	lines := r.Policy.Lines()
	origins, width := make([]string, len(lines)), 0
	for i, l := range lines {
		if l.Document != "" {
			origins[i] = fmt.Sprintf("%s:%d", l.Document, l.Number)
		}
		width = max(width, utf8.RuneCountInString(origins[i]))
	}
	for i := range lines {
		row := fmt.Sprintf("%-*s | %s", width, origins[i], lines[i].Indented())
		b.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rows are what stands above the policy; one without a text is left out.
func (r *Report) rows() [][2]string {
	v := &r.API.View
	api := v.ID
	if v.Version != "" {
		api += ", version " + v.Version
	}
	if !v.IsCurrentRevision {
		api += ", revision " + v.Revision + " (not current)"
	}
	o := &r.Operation.View
	product := "none"
	if r.Product != nil {
		product = r.Product.View.ID
	}
	return [][2]string{
		{"request", r.Request},
		{"API", api},
		{"operation", fmt.Sprintf("%s: %s %s", o.ID, o.Method, o.URLTemplate)},
		{"product", product},
		{"key", r.key()},
		{"keys that open", list(r.Subscriptions, scopeOf)},
		{"products", list(r.API.Products, productOf)},
		{"policies", r.policies()},
	}
}

// key tells whose key the request has, and where one is looked for.
func (r *Report) key() string {
	v := &r.API.View
	places := fmt.Sprintf("in header %s or query parameter %s", v.SubscriptionHeader, v.SubscriptionQuery)
	switch {
	case r.Refused != "":
		return fmt.Sprintf("needed %s, else 401 (only on-error runs); this is the policy for a key that belongs to no product", places)
	case r.Subscription != "":
		return fmt.Sprintf("that of %s, %s", r.Subscription, places)
	case r.Product != nil && r.Product.SubscriptionRequired:
		return fmt.Sprintf("one to product %s, %s", r.Product.View.ID, places)
	case r.Product != nil:
		return fmt.Sprintf("not needed: product %s is open; one may come %s", r.Product.View.ID, places)
	}
	return "not needed: the API requires no subscription; one may come " + places
}

func (r *Report) policies() string {
	var all []string
	for _, c := range r.Policies {
		all = append(all, string(c.Scope)+" "+c.Name)
	}
	return strings.Join(all, ", then ")
}

func list[T any](all []T, text func(T) string) string {
	var texts []string
	for _, one := range all {
		texts = append(texts, text(one))
	}
	return strings.Join(texts, ", ")
}

func scopeOf(s *service.Subscription) string {
	switch {
	case s.Product != nil:
		return s.View.ID + " (product " + s.Product.View.ID + ")"
	case s.API != nil:
		return s.View.ID + " (this API)"
	}
	return s.View.ID + " (all APIs)"
}

func productOf(p *service.Product) string {
	var remarks []string
	if !p.SubscriptionRequired {
		remarks = append(remarks, "open")
	}
	if p.Policy != nil {
		remarks = append(remarks, "policy "+p.Policy.Name)
	}
	if remarks == nil {
		return p.View.ID
	}
	return p.View.ID + " (" + strings.Join(remarks, ", ") + ")"
}
