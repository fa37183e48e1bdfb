package lint

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/policy"
)

// corpusFolder are real policy documents; a clone does not have them.
func corpusFolder(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "corpus", "policies")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the corpus of real policy documents is not here (../shared/corpus/policies beside the checkout)")
	}
	return dir
}

// corpusPlaceholders are those that scripts of its repositories fill in.
var corpusPlaceholders = []string{"#{*}#", "{name}"}

// TestCorpus lints real documents. Every error is listed with the reason why it is a
// true fault.
func TestCorpus(t *testing.T) {
	dir := corpusFolder(t)
	list, err := os.ReadFile(filepath.Join("testdata", "corpus-errors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(Options{Paths: []string{dir}, Catalogue: catalogue, Placeholders: corpusPlaceholders})
	if err != nil {
		t.Fatal(err)
	}
	listed := regexp.MustCompile(`(?m)^.+\.xml:\d+: [a-z0-9-]+$`).FindAllString(string(list), -1)
	var found []string
	for _, f := range r.Findings {
		if f.Severity == Error {
			name, _ := filepath.Rel(dir, f.Path)
			found = append(found, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(name), f.Line, f.Rule))
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	for _, f := range found {
		if !slices.Contains(listed, f) {
			t.Errorf("not listed: %s", f)
		}
	}
	for _, l := range listed {
		if !slices.Contains(found, l) {
			t.Errorf("listed, but not found: %s", l)
		}
	}
	t.Log(r.Summary())
}

// seed is a single fault in a document.
type seed struct {
	kind string
	text string
	// lines on which it may be found: where it is, or, of an element that is not
	// closed, where the reader comes upon it.
	lines []int
}

// sower puts faults into a document.
type sower struct {
	random *rand.Rand
	d      *policy.Document
	text   string
}

// offset is a place of the document as bytes.
func (s *sower) offset(line, col int) int {
	at := 0
	for range line - 1 {
		at += strings.IndexByte(s.text[at:], '\n') + 1
	}
	for range col - 1 {
		for at++; at < len(s.text) && s.text[at]&0xC0 == 0x80; at++ {
		}
	}
	return at
}

func (s *sower) lineAt(offset int) int { return strings.Count(s.text[:offset], "\n") + 1 }

func (s *sower) replace(kind string, from, to int, with string) *seed {
	return &seed{kind, s.text[:from] + with + s.text[to:], []int{s.lineAt(from)}}
}

// statementsOf are the elements whose definition is that of a statement.
func (s *sower) statementsOf() (found []*etree.Element) {
	for _, e := range s.d.Root().FindElements("//*") {
		for p := e.Parent(); p != nil; p = p.Parent() {
			if p.Tag == "set-body" {
				e = nil
				break
			}
		}
		if e != nil && catalogue.Lookup(e.Tag) != nil && e.Tag != "base" && e.Tag != "value" && e.Tag != "set-body" {
			found = append(found, e)
		}
	}
	return found
}

func pick[T any](r *rand.Rand, list []T) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[r.IntN(len(list))], true
}

// misspelt is a name with two letters the wrong way round, or one too many.
func misspelt(name string) string {
	for i := len(name) / 2; i+1 < len(name); i++ {
		if name[i] != name[i+1] && name[i] != '-' && name[i+1] != '-' {
			return name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:]
		}
	}
	return name + "x"
}

func (s *sower) element() *seed {
	e, ok := pick(s.random, s.statementsOf())
	if !ok {
		return nil
	}
	wrong := misspelt(e.Tag)
	start := s.offset(s.d.Position(e))
	end := s.offset(s.d.End(e))
	text := s.text
	if strings.HasPrefix(text[end:], "</"+e.Tag) {
		text = text[:end+2] + wrong + text[end+2+len(e.Tag):]
	}
	return &seed{"element", text[:start] + wrong + text[start+len(e.Tag):], []int{s.lineAt(start)}}
}

// attributes are the attributes of statements that a definition knows, as accept
// says.
func (s *sower) attributes(accept func(*policy.Attribute, *policy.Value) bool) (found []*policy.Value) {
	for _, e := range s.statementsOf() {
		d := catalogue.Lookup(e.Tag)
		values, _ := s.d.Values(e)
		for _, v := range values {
			i := slices.IndexFunc(d.Attributes, func(a policy.Attribute) bool { return a.Name == v.Name })
			if i >= 0 && accept(&d.Attributes[i], v) {
				found = append(found, v)
			}
		}
	}
	return found
}

func (s *sower) attribute() *seed {
	v, ok := pick(s.random, s.attributes(func(*policy.Attribute, *policy.Value) bool { return true }))
	if !ok {
		return nil
	}
	at := s.offset(v.NamePosition())
	return s.replace("attribute", at, at+len(v.Name), misspelt(v.Name))
}

func (s *sower) enum() *seed {
	v, ok := pick(s.random, s.attributes(func(a *policy.Attribute, v *policy.Value) bool {
		return a.Type == policy.Enum && !v.Expression && !strings.Contains(v.Text, "{")
	}))
	if !ok {
		return nil
	}
	at := s.offset(v.Start())
	return s.replace("enum", at, at+len(v.Text), misspelt(v.Text))
}

func (s *sower) number() *seed {
	v, ok := pick(s.random, s.attributes(func(a *policy.Attribute, v *policy.Value) bool {
		return (a.Type == policy.Int || a.Type == policy.Seconds || a.Type == policy.Bool || a.Type == policy.Status) && !v.Expression && !strings.Contains(v.Text, "{")
	}))
	if !ok {
		return nil
	}
	at := s.offset(v.Start())
	return s.replace("value", at, at+len(v.Text), v.Text+"x")
}

func (s *sower) required() *seed {
	v, ok := pick(s.random, s.attributes(func(a *policy.Attribute, v *policy.Value) bool { return a.Required && !v.Expression }))
	if !ok {
		return nil
	}
	at := s.offset(v.NamePosition())
	end := s.offset(v.Start()) + len(v.Text) + 1
	seed := s.replace("required", at, end, "")
	for _, e := range s.statementsOf() { // it is missed at the element
		values, _ := s.d.Values(e)
		if slices.Contains(values, v) {
			line, _ := s.d.Position(e)
			seed.lines = []int{line}
		}
	}
	return seed
}

func (s *sower) section() *seed {
	for _, wrong := range []struct{ section, statement string }{{"inbound", "<forward-request />"}, {"outbound", `<rewrite-uri template="/x" />`}, {"on-error", "<forward-request />"}} {
		e := s.d.Root().SelectElement(wrong.section)
		if e == nil || s.random.IntN(2) == 0 {
			continue
		}
		if end := s.offset(s.d.End(e)); strings.HasPrefix(s.text[end:], "</") {
			return s.replace("section", end, end, wrong.statement)
		}
	}
	return nil
}

// expressions are the places after "@(" of expressions, and their ends.
func (s *sower) expressions() (found [][2]int) {
	for _, e := range s.d.Root().FindElements("//*") {
		values, text := s.d.Values(e)
		if text != nil {
			values = append(slices.Clone(values), text)
		}
		for _, v := range values {
			at := s.offset(v.Start())
			if v.Expression && strings.HasPrefix(s.text[at:], "@(") && !strings.Contains(v.Text, "&") && at+len(v.Text) <= len(s.text) && s.text[at:at+len(v.Text)] == v.Text {
				found = append(found, [2]int{at + 2, at + len(v.Text)})
			}
		}
	}
	return found
}

var members = []string{".Request", ".GetValueOrDefault", ".Headers", ".StatusCode", ".ToString", ".Variables", ".Body", ".Split", ".Subscription", ".Url"}

func (s *sower) member() *seed {
	place, ok := pick(s.random, s.expressions())
	if !ok {
		return nil
	}
	for _, m := range members {
		if i := strings.Index(s.text[place[0]:place[1]], m); i >= 0 {
			at := place[0] + i + 1
			return s.replace("member", at, at+len(m)-1, misspelt(m[1:]))
		}
	}
	return nil
}

func (s *sower) typeError() *seed {
	place, ok := pick(s.random, s.expressions())
	if !ok {
		return nil
	}
	return s.replace("type", place[0], place[0], "(true - 1).ToString() + ")
}

func (s *sower) bracket() *seed {
	place, ok := pick(s.random, s.expressions())
	if !ok {
		return nil
	}
	seed := s.replace("bracket", place[1]-1, place[1], "")
	seed.lines = append(seed.lines, s.lineAt(place[0]))
	return seed
}

func (s *sower) closing() *seed {
	e, ok := pick(s.random, s.statementsOf())
	if !ok {
		return nil
	}
	end := s.offset(s.d.End(e))
	if !strings.HasPrefix(s.text[end:], "</"+e.Tag+">") {
		return nil
	}
	seed := s.replace("closing", end, end+len(e.Tag)+3, "")
	line, _ := s.d.Position(e)
	parent, _ := s.d.End(e.Parent())
	seed.lines = append(seed.lines, line, parent)
	return seed
}

// TestSeededFaults puts one fault at a time into documents that have none.
func TestSeededFaults(t *testing.T) {
	dir := corpusFolder(t)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 2026))
	var sound []*policy.Document
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d, fault := policy.Read("policy.xml", text); fault == nil && len(errorsIn(d.Text())) == 0 {
			sound = append(sound, d)
		}
	}
	const wanted = 600
	total, found := make(map[string]int), make(map[string]int)
	sown, hit := 0, 0
	for sown < wanted {
		d := sound[random.IntN(len(sound))]
		s := &sower{random, d, d.Text()}
		kinds := []func() *seed{s.element, s.attribute, s.enum, s.number, s.required, s.section, s.member, s.typeError, s.bracket, s.closing}
		seed := kinds[sown%len(kinds)]()
		if seed == nil {
			continue
		}
		sown++
		total[seed.kind]++
		findings := errorsIn(seed.text)
		if slices.ContainsFunc(findings, func(f Finding) bool { return slices.Contains(seed.lines, f.Line) }) {
			hit++
			found[seed.kind]++
		} else if testing.Verbose() {
			t.Logf("%s: not found on %v: %+v\n%s", seed.kind, seed.lines, findings, strings.Split(seed.text, "\n")[seed.lines[0]-1])
		}
	}
	t.Logf("%d faults in %d documents, %d found on their lines: %v of %v", sown, len(sound), hit, found, total)
	if hit*100 < sown*95 {
		t.Errorf("%d of %d faults are found on their lines, want 95%%", hit, sown)
	}
}

// errorsIn are the errors in a text.
func errorsIn(text string) []Finding {
	forms, _ := placeholders(corpusPlaceholders)
	l := &linter{Options: Options{Catalogue: catalogue}, placeholder: forms}
	return slices.DeleteFunc(l.text(&target{path: "policy.xml"}, []byte(text)).findings, func(f Finding) bool { return f.Severity != Error })
}

// BenchmarkRun lints the corpus, repeated to 10,000 documents that differ.
func BenchmarkRun(b *testing.B) {
	const documents = 10_000
	files, _ := filepath.Glob(filepath.Join(corpusFolder(b), "*", "*.xml"))
	dir := b.TempDir()
	for i := range documents {
		text, err := os.ReadFile(files[i%len(files)])
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.xml", i)), fmt.Appendf(nil, "%s\n<!-- %d -->\n", strings.TrimSuffix(string(text), "\n"), i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for range b.N {
		r, err := Run(Options{Paths: []string{dir}, Catalogue: catalogue})
		if err != nil {
			b.Fatal(err)
		}
		if len(r.Files) != documents {
			b.Fatalf("%d files were looked at, want %d", len(r.Files), documents)
		}
	}
	b.ReportMetric(documents*float64(b.N)/b.Elapsed().Seconds(), "documents/s")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
}
