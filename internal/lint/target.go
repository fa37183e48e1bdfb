package lint

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"
	"os"
	"strings"
	"unicode"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// target is a document to look at, and what is known around it.
type target struct {
	path string
	// scope of the document; "" if that is not known.
	scope exchange.Scope
	// folder says that the file was found, not named: it need not be a policy
	// document.
	folder bool
	// world is what documents may refer to; nil of a lone document.
	world *world
	// around are the documents whose statements run before, after and between this
	// one's: of wider and of narrower scopes.
	around []string
	// wider are those of around whose scope is wider: <base/> leads to them.
	wider []string
	off   *configuration
}

// world is what the documents of a service, or of an APIOps folder, may refer to. A
// nil map is a kind of thing that the world does not tell of.
type world struct {
	name         string // as messages call it
	namedValues  map[string]string
	unknown      map[string]bool // named values whose value is not at hand
	fragments    map[string]string
	backends     map[string]bool
	certificates map[string]bool
	facts        map[string]*facts // of each document, by path
}

// outcome is a document as far as it could be read.
type outcome struct {
	l        *linter
	t        *target
	document *policy.Document
	root     *policy.Node
	section  exchange.Section // that a lone fragment was looked at in
	assumed  map[string]bool  // what was taken as present
	lines    map[*policy.Document][]string
	included map[string]*policy.Document // fragments, by path
	found    []Finding
}

// target lints one.
func (l *linter) target(t *target) result {
	source, err := os.ReadFile(t.path)
	if err != nil {
		return result{path: t.path, findings: []Finding{{Path: t.path, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Severity: Error, Rule: policy.RuleUnreadable, Message: err.Error()}}}
	}
	return l.text(t, source)
}

// text lints a target whose text is at hand.
func (l *linter) text(t *target, source []byte) (r result) {
	if t.folder && !looksLikePolicy(source) {
		return result{path: t.path, skipped: true}
	}
	defer func() {
		if v := recover(); v != nil {
			r = result{path: t.path, findings: []Finding{{Path: t.path, Line: 1, Column: 1, EndLine: 1, EndColumn: 2, Severity: Error, Rule: ruleInternal,
				Message: fmt.Sprintf("the linter failed on this document: %v", v)}}}
		}
	}()
	o := &outcome{l: l, t: t, assumed: make(map[string]bool), lines: make(map[*policy.Document][]string), included: make(map[string]*policy.Document)}
	d, fault := policy.Read(t.path, source)
	if fault != nil {
		o.addDiagnostic(*fault, lines(source))
		return result{path: t.path, findings: t.off.keep(o.found)}
	}
	o.document = d
	o.check()
	if o.root != nil {
		o.rules()
	}
	return result{path: t.path, findings: t.off.keep(o.suppressed())}
}

// looksLikePolicy reports whether the root element is that of a policy document.
func looksLikePolicy(source []byte) bool {
	text := string(source[:min(len(source), 64<<10)])
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			return false
		}
		text = text[i:]
		switch {
		case strings.HasPrefix(text, "<!--"):
			end := strings.Index(text, "-->")
			if end < 0 {
				return strings.Contains(text, "<policies") || strings.Contains(text, "<fragment")
			}
			text = text[end+3:]
		case strings.HasPrefix(text, "<?"):
			text = text[2:]
		default:
			for _, root := range []string{"policies", "fragment"} {
				rest, ok := strings.CutPrefix(text, "<"+root)
				if ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n/>")) {
					return true
				}
			}
			return false
		}
	}
}

// check binds and checks the document.
func (o *outcome) check() {
	if o.document.Root().Tag == "fragment" {
		o.checkFragment()
		return
	}
	root, found := policy.Bind(o.document, o.bindings())
	found = append(found, policy.Check(root, o.t.scope, o.l.Catalogue)...)
	if len(found.Of(policy.Error)) == 0 {
		found = append(found, policy.Remarks(root, o.t.scope, o.l.Catalogue)...)
	}
	o.root = root
	o.addDiagnostics(found)
}

// checkFragment looks at a fragment in the section that it fits best.
func (o *outcome) checkFragment() {
	var fewest policy.Diagnostics
	for i, section := range policy.AnySection {
		root, found := policy.Bind(o.document, o.bindings())
		found = append(found, policy.CheckFragment(root, section, o.l.Catalogue)...)
		if i == 0 || unfit(found) < unfit(fewest) {
			o.root, o.section, fewest = root, section, found
		}
		if len(fewest.Of(policy.Error)) == 0 {
			break
		}
	}
	o.addDiagnostics(fewest)
}

// unfit tells how badly a section fits: statements that it does not take weigh more
// than what is wrong in any.
func unfit(found policy.Diagnostics) int {
	n := 0
	for _, d := range found.Of(policy.Error) {
		if n++; d.Rule == policy.RuleStatementSection {
			n += 1000
		}
	}
	return n
}

// somebody's public key, in the place of a certificate that is not at hand.
var anyCertificate = &exchange.Certificate{Leaf: &x509.Certificate{
	PublicKeyAlgorithm: x509.RSA, PublicKey: &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 2047, 1), E: 65537},
}}

// bindings are what the document refers to: of the world, or taken as present.
func (o *outcome) bindings() policy.Bindings {
	b := policy.Bindings{
		Placeholder: o.l.placeholder.regexp(),
		Certificate: func(id string) (*exchange.Certificate, bool) {
			w := o.t.world
			return anyCertificate, w == nil || w.certificates == nil || w.certificates[id]
		},
	}
	w := o.t.world
	if w == nil {
		return b
	}
	if w.namedValues != nil {
		b.NamedValue = func(name string) (string, bool) { v, ok := w.namedValues[name]; return v, ok }
		b.Unknown = func(name string) bool { return w.unknown[name] }
	}
	if w.fragments != nil {
		b.Fragment = func(id string) (*policy.Document, bool) {
			path, ok := w.fragments[id]
			if !ok {
				return nil, false
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return nil, false
			}
			d, fault := policy.Read(path, source)
			if fault != nil {
				d, _ = policy.Read(path, []byte("<fragment/>")) // the fragment itself is told of
			}
			o.included[path] = d
			return d, true
		}
	}
	return b
}

func (o *outcome) addDiagnostics(found policy.Diagnostics) {
	for _, d := range found.Unique() {
		switch included := o.included[d.Document]; {
		case d.Document == o.document.Name:
			o.addDiagnostic(d, o.linesOf(o.document))
		case included != nil:
			o.addDiagnostic(d, o.linesOf(included))
		default:
			o.addDiagnostic(d, nil)
		}
	}
}

// addDiagnostic makes a finding of what package policy tells.
func (o *outcome) addDiagnostic(d policy.Diagnostic, source []string) {
	f := Finding{Path: d.Document, Line: d.Line, Column: d.Col, EndLine: d.EndLine, EndColumn: d.EndCol, Rule: d.Rule, Message: d.Message}
	switch d.Severity {
	case policy.Error:
		f.Severity = Error
	case policy.Warning:
		f.Severity = Warning
	default:
		f.Severity = Note
	}
	if f.Rule == "" {
		f.Rule = policy.RuleStatementInvalid
	}
	if source == nil {
		if text, err := os.ReadFile(d.Document); err == nil {
			source = lines(text)
		}
	}
	o.found = append(o.found, f.in(source))
}

// longLine is the most bytes of a line that is shown or looked at.
const longLine = 10_000

// in gives the finding its source line and, if that is not known, its end: that of
// the word which begins at the place.
func (f Finding) in(source []string) Finding {
	if f.Line >= 1 && f.Line <= len(source) && len(source[f.Line-1]) <= longLine {
		f.Source = strings.Clone(source[f.Line-1]) // which does not keep the document
	}
	if f.EndLine != 0 {
		return f
	}
	f.EndLine, f.EndColumn = f.Line, f.Column+1
	column := 0
	for _, c := range f.Source {
		if column++; column < f.Column {
			continue
		}
		if !strings.ContainsRune("-_.", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			break
		}
		f.EndColumn = column + 1
	}
	return f
}

// linesOf are a document's lines.
func (o *outcome) linesOf(d *policy.Document) []string {
	known, ok := o.lines[d]
	if !ok {
		known = strings.Split(d.Text(), "\n")
		o.lines[d] = known
	}
	return known
}

func lines(source []byte) []string {
	text := strings.TrimPrefix(string(source), "\uFEFF")
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
}

// at reports a finding of a rule at v, or at the element n itself if v is nil.
func (o *outcome) at(s Severity, rule string, n *policy.Node, v *policy.Value, format string, args ...any) {
	d := n.Fault(policy.Error, v, format, args...)
	f := Finding{Path: d.Document, Line: d.Line, Column: d.Col, Severity: s, Rule: rule, Message: d.Message}
	if v != nil && v.Text != "" {
		f.EndLine, f.EndColumn = v.End()
	}
	document := n.Document()
	if v != nil {
		document = v.Document()
	}
	o.found = append(o.found, f.in(o.linesOf(document)))
}

// inside reports a finding at bytes of an expression's text.
func (o *outcome) inside(s Severity, rule string, v *policy.Value, start, end int, format string, args ...any) {
	f := Finding{Path: v.Document().Name, Severity: s, Rule: rule, Message: fmt.Sprintf(format, args...)}
	f.Line, f.Column = v.Position(start)
	if end > start {
		f.EndLine, f.EndColumn = v.Position(end - 1)
		f.EndColumn++
	}
	o.found = append(o.found, f.in(o.linesOf(v.Document())))
}
