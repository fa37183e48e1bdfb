package differ

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

// Case is an expression to ask about.
type Case struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // inline or block, for the oracle
	Expr    string `json:"expr"`
	Context string `json:"context"`
	// Origin is where it comes from: well, ill or mutated.
	Origin string `json:"-"`
	// Topics are the files of the grammar that it is made of.
	Topics []string `json:"-"`
}

func newCase(id, origin, expr, context string) Case {
	kind := "inline"
	if strings.HasPrefix(expr, "@{") {
		kind = "block"
	}
	return Case{ID: id, Kind: kind, Expr: expr, Context: context, Origin: origin}
}

// maxLength is the longest expression that is asked about, in bytes: nobody
// understands a longer one that goes wrong.
const maxLength = 700

// Generate makes cases by the grammar. All are different.
func Generate(seed uint64, well, ill int) ([]Case, error) {
	grammar, err := readGrammar()
	if err != nil {
		return nil, err
	}
	g := newGenerator(grammar, seed)
	seen := make(map[string]bool)
	var cases []Case
	for len(cases) < well+ill {
		origin := "well"
		var t typ
		depth := 1 + g.rand.IntN(3)
		if g.lie = 0; len(cases) >= well {
			origin = "ill"
			t = g.illType(&depth)
		} else if t = g.one(results); g.rand.IntN(5) < 2 {
			t, _ = parseType("body<any>")
		}
		text, ok := g.whole(t, depth)
		if !ok || len(text) > maxLength || seen[text] {
			continue
		}
		seen[text] = true
		context := "none"
		if strings.Contains(text, "context.") {
			context = "get"
		}
		c := newCase(fmt.Sprintf("%s-%d-%d", origin, seed, len(cases)), origin, text, context)
		for topic := range g.topics {
			c.Topics = append(c.Topics, topic)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// illType chooses a way to be wrong.
func (g *generator) illType(depth *int) typ {
	switch g.rand.IntN(4) {
	case 0:
		*depth = 1 + g.rand.IntN(2)
		return typ{name: "wrong"}
	case 1:
		*depth = 1 + g.rand.IntN(3)
		return typ{name: "wrongbody"}
	case 2:
		g.lie = 1 + g.rand.IntN(4)
		t, _ := parseType("body<any>")
		return t
	}
	g.lie = 1 + g.rand.IntN(3)
	return g.one(results)
}

// Mutate makes cases out of the expressions of files of JSON lines, which have
// them as "expr" or "text".
func Mutate(seed uint64, n int, paths ...string) ([]Case, error) {
	var sources []Case
	for _, p := range paths {
		more, err := readSources(p)
		if err != nil {
			return nil, err
		}
		sources = append(sources, more...)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	seen := make(map[string]bool)
	var cases []Case
	for try := 0; len(cases) < n && try < 50*n; try++ {
		s := sources[r.IntN(len(sources))]
		text := mutate(r, s.Expr)
		if len(text) > 4*maxLength || seen[text] || text == s.Expr || unsteady.MatchString(text) {
			continue
		}
		seen[text] = true
		cases = append(cases, newCase(fmt.Sprintf("mutated-%d-%d", seed, len(cases)), "mutated", text, s.Context))
	}
	return cases, nil
}

func readSources(path string) ([]Case, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var sources []Case
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct{ Expr, Text, Context string }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		c := Case{Expr: v.Expr + v.Text, Context: v.Context}
		if c.Context == "" {
			c.Context = fixtureFor(c.Expr)
		}
		if len(c.Expr) > 3 && !unsteady.MatchString(c.Expr) {
			sources = append(sources, c)
		}
	}
	return sources, lines.Err()
}

// fixtureFor is the fixture in which a real expression finds most of what it
// reads.
func fixtureFor(text string) string {
	switch {
	case strings.Contains(text, "context.LastError"):
		return "error"
	case strings.Contains(text, "context.Response"):
		return "response"
	case strings.Contains(text, "Jwt"):
		return "jwt"
	case strings.Contains(text, "XElement"), strings.Contains(text, "XDocument"):
		return "xml"
	case strings.Contains(text, "As<JArray>"):
		return "array"
	case strings.Contains(text, "Body"):
		return "chat"
	}
	return "get"
}
