package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
)

// ConfigurationName is the file that turns rules off for paths.
const ConfigurationName = ".apimulator.yaml"

// configurationFile is .apimulator.yaml as it is written.
type configurationFile struct {
	Lint struct {
		Off []struct {
			yamlfile.Place
			Rule   yamlfile.Text   `yaml:"rule"`
			Paths  []yamlfile.Text `yaml:"paths"`
			Reason yamlfile.Text   `yaml:"reason"`
		} `yaml:"off"`
	} `yaml:"lint"`
}

// configuration is an .apimulator.yaml; a nil one turns nothing off.
type configuration struct {
	dir string
	off []turnedOff
}

type turnedOff struct {
	rule  string // "" is every rule
	paths []*regexp.Regexp
}

// configurationOf finds the configuration of a file: the nearest in its folder and
// those above.
func (c *collector) configurationOf(path string) (*configuration, error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	for {
		if known, ok := c.configurations[dir]; ok {
			return known, nil
		}
		file := filepath.Join(dir, ConfigurationName)
		data, err := os.ReadFile(file)
		switch {
		case err == nil:
			config, err := readConfiguration(file, data)
			c.configurations[dir] = config
			return config, err
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case filepath.Dir(dir) == dir:
			return nil, nil
		}
		dir = filepath.Dir(dir)
	}
}

func readConfiguration(file string, data []byte) (*configuration, error) {
	mapping, found := yamlfile.Parse(file, data, "an .apimulator.yaml is a mapping that begins with lint:")
	if found != nil {
		return nil, yamlfile.Report(found, "")
	}
	var written configurationFile
	d := &yamlfile.Decoder{File: file}
	d.Into(mapping, &written)
	c := &configuration{dir: filepath.Dir(file)}
	for _, off := range written.Lint.Off {
		if off.Rule.Value == "" {
			d.Found = append(d.Found, off.Fault(file, "name the rule that is turned off, or \"*\" for all of them"))
		} else if off.Rule.Value != "*" && ruleOf(off.Rule.Value) == nil {
			d.Found = append(d.Found, off.Rule.Fault(file, "there is no rule %s; gateway lint --rules lists them", off.Rule.Value))
		}
		t := turnedOff{rule: strings.TrimPrefix(off.Rule.Value, "*")}
		for _, p := range off.Paths {
			t.paths = append(t.paths, glob(p.Value))
		}
		c.off = append(c.off, t)
	}
	return c, yamlfile.Report(d.Found, "")
}

// glob is a pattern of paths: * stays in a folder, ** does not.
func glob(pattern string) *regexp.Regexp {
	p := regexp.QuoteMeta(pattern)
	p = strings.NewReplacer(`\*\*/`, `(.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(p)
	return regexp.MustCompile("^" + p + "(/.*)?$")
}

// keep leaves the findings whose rule is not turned off.
func (c *configuration) keep(found []Finding) []Finding {
	if c == nil {
		return found
	}
	return slices.DeleteFunc(found, func(f Finding) bool {
		path, err := filepath.Abs(f.Path)
		if err != nil {
			return false
		}
		path, err = filepath.Rel(c.dir, path)
		if err != nil {
			return false
		}
		path = filepath.ToSlash(path)
		return slices.ContainsFunc(c.off, func(t turnedOff) bool {
			return (t.rule == "" || t.rule == f.Rule) &&
				(t.paths == nil || slices.ContainsFunc(t.paths, func(p *regexp.Regexp) bool { return p.MatchString(path) }))
		})
	})
}

// directive is a comment that turns rules off for the element that follows, and all
// that stands in it: <!-- lint off: RULE RULE because ... -->.
var directive = pattern.Lazy(`^\s*lint\s+off\s*:\s*([\w\-*, ]*?)\s*(?:\bbecause\b.*)?$`)

// area is a part of a document in which a rule is off.
type area struct {
	rule                       string // "" is every rule
	line, col, endLine, endCol int
}

// suppressed are the findings without those that comments turn off.
func (o *outcome) suppressed() []Finding {
	found := o.without(o.document, o.found)
	for _, d := range o.included {
		found = o.without(d, found)
	}
	return found
}

// without leaves the findings that no comment of d turns off.
func (o *outcome) without(d *policy.Document, found []Finding) []Finding {
	if !strings.Contains(d.Text(), "lint") {
		return found
	}
	var off []area
	o.found = nil
	o.directives(d, &d.Tree.Element, nil, &off)
	found = append(found, o.found...)
	return slices.DeleteFunc(found, func(f Finding) bool {
		return f.Path == d.Name && slices.ContainsFunc(off, func(a area) bool {
			return (a.rule == "" || a.rule == f.Rule) && (f.Line > a.line || f.Line == a.line && f.Column >= a.col) &&
				(f.Line < a.endLine || f.Line == a.endLine && f.Column <= a.endCol)
		})
	})
}

// directives gathers the areas that comments in parent turn off; element is parent
// where that is an element of d.
func (o *outcome) directives(d *policy.Document, parent, element *etree.Element, off *[]area) {
	for i, token := range parent.Child {
		switch token := token.(type) {
		case *etree.Element:
			o.directives(d, token, token, off)
		case *etree.Comment:
			match := directive().FindStringSubmatch(strings.ReplaceAll(token.Data, "\n", " "))
			if match == nil {
				continue
			}
			covered := nextElement(parent.Child[i+1:])
			if covered == nil {
				covered = element
			}
			if covered == nil {
				continue
			}
			o.turnOff(d, covered, strings.FieldsFunc(match[1], func(r rune) bool { return r == ',' || r == ' ' }), off)
		}
	}
}

func (o *outcome) turnOff(in *policy.Document, covered *etree.Element, rules []string, off *[]area) {
	a := area{}
	a.line, a.col = in.Position(covered)
	a.endLine, a.endCol = in.End(covered)
	for _, rule := range rules {
		if rule != "*" && ruleOf(rule) == nil {
			d := policy.Diagnostic{Document: in.Name, Line: a.line, Col: a.col, Severity: policy.Warning, Rule: ruleDirective,
				Message: fmt.Sprintf("the comment before this turns off the rule %s, which there is not", rule)}
			o.addDiagnostic(d, o.linesOf(in))
			continue
		}
		a.rule = strings.TrimPrefix(rule, "*")
		*off = append(*off, a)
	}
}

func nextElement(tokens []etree.Token) *etree.Element {
	for _, t := range tokens {
		if e, ok := t.(*etree.Element); ok {
			return e
		}
	}
	return nil
}
