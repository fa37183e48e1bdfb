package testrun

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
)

// trace holds what ran against expectations.
func (j *judge) trace(e *traceExpect, r *trace.Record) {
	if e == nil {
		return
	}
	for _, want := range e.Ran {
		ran, err := j.ran(want.Value, r)
		switch {
		case err != nil:
			j.fail(want.Place, err.Error())
		case !ran:
			j.failf(want.Place, "%s did not run", want.Value)
		}
	}
	for _, want := range e.NotRan {
		ran, err := j.ran(want.Value, r)
		switch {
		case err != nil:
			j.fail(want.Place, err.Error())
		case ran:
			j.failf(want.Place, "%s ran", want.Value)
		}
	}
	for _, want := range e.Notes {
		if !noted(r, want.Value) {
			j.failf(want.Place, "no step tells %q", want.Value)
		}
	}
}

// noted reports whether a step tells a text in a note, or in the line of a call.
func noted(r *trace.Record, text string) bool {
	for i := range r.Steps {
		for k := range r.Steps[i].Calls {
			if strings.Contains(r.Steps[i].Calls[k].String(), text) {
				return true
			}
		}
		for _, n := range r.Steps[i].Notes {
			if strings.Contains(n, text) {
				return true
			}
		}
	}
	return false
}

// place is where a step's statement stands, the file without its folders.
func place(s *trace.Step) string { return fmt.Sprintf("%s:%d", filepath.Base(s.Document), s.Line) }

// ran reports whether something ran: #id, file.xml:line, or a statement's name. The line
// may be that of a branch of choose.
func (j *judge) ran(what string, r *trace.Record) (bool, error) {
	if id, ok := strings.CutPrefix(what, "#"); ok {
		return anyStep(r, func(s *trace.Step) bool { return s.PolicyID == id }), nil
	}
	i := strings.LastIndexByte(what, ':')
	if i < 0 {
		return anyStep(r, func(s *trace.Step) bool { return s.Name == what }), nil
	}
	line, err := strconv.Atoi(what[i+1:])
	if err != nil {
		return false, fmt.Errorf("%q is neither file.xml:line, #id nor a statement", what)
	}
	file := what[:i]
	if anyStep(r, func(s *trace.Step) bool { return s.Document != "" && s.Line == line && isFile(s.Document, file) }) {
		return true, nil
	}
	return j.branch(file, line, r)
}

func anyStep(r *trace.Record, is func(*trace.Step) bool) bool {
	for i := range r.Steps {
		if is(&r.Steps[i]) {
			return true
		}
	}
	return false
}

// isFile reports whether a document is the file that a test means by its name or the
// end of its path.
func isFile(document, name string) bool {
	document, name = filepath.ToSlash(document), filepath.ToSlash(name)
	return document == name || strings.HasSuffix(document, "/"+name)
}

// readDocument reads a document of what is tested.
func (w *World) readDocument(path string) ([]byte, error) {
	if w.file == nil {
		return os.ReadFile(path)
	}
	return w.file.readDocument(path)
}

// branch reports whether the branch of a choose was taken that begins at a line. It is an
// error if no statement of the subject's documents stands there.
func (j *judge) branch(file string, line int, r *trace.Record) (bool, error) {
	for _, path := range j.world.subject.service.Files {
		if !isFile(path, file) {
			continue
		}
		data, err := j.world.readDocument(path)
		if err != nil {
			return false, err
		}
		d, fault := policy.Read(path, data)
		if fault != nil {
			return false, *fault
		}
		var found *etree.Element
		for _, e := range d.Tree.FindElements("//*") {
			if at, _ := d.Position(e); at == line && found == nil {
				found = e
			}
		}
		if found == nil {
			return false, fmt.Errorf("no element begins in line %d of %s", line, file)
		}
		if found.Tag != "when" && found.Tag != "otherwise" {
			return false, nil
		}
		chooseLine, _ := d.Position(found.Parent())
		return anyStep(r, func(s *trace.Step) bool {
			return s.Name == "choose" && s.Line == chooseLine && isFile(s.Document, file) && took(s, found)
		}), nil
	}
	return false, fmt.Errorf("the service has no file %s", file)
}

// took reports whether a choose took a branch, by what it noted of its conditions: the
// path of each branch, and whether its condition is true.
func took(s *trace.Step, branch *etree.Element) bool {
	if s.Outcome == "failed" && len(s.Notes) == 0 {
		return false
	}
	last, taken := "", false
	for _, n := range s.Notes {
		if path, rest, ok := strings.Cut(n, ": "); ok && strings.Contains(path, `\when`) {
			last, taken = path[strings.LastIndexByte(path, '\\')+1:], strings.HasSuffix(rest, " is true")
		}
	}
	if branch.Tag == "otherwise" {
		return !taken
	}
	whens := branch.Parent().SelectElements("when")
	name := "when"
	for i, w := range whens {
		if w == branch && len(whens) > 1 {
			name = fmt.Sprintf("when[%d]", i+1)
		}
	}
	return taken && last == name
}
