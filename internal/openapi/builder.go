package openapi

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

const (
	// maxNodes is the most values that a document holds, those that aliases repeat counted
	// as often as they are repeated.
	maxNodes = 1_000_000
	// maxNesting is how deep they nest.
	maxNesting = 200
	// maxDigits is the most characters of a number, and the largest exponent, which a
	// schema's validator would write out. A float64 has none beyond it.
	maxDigits = 400
)

var errNesting = fmt.Errorf("this is nested more than %d levels deep", maxNesting)

// builder makes the nodes of a document.
type builder struct {
	free  []node // made, but not used yet
	made  int
	names map[string]string // each name once: there are few, which come often
	stack []member          // of the mappings and lists that are being read
}

func (b *builder) node(k kind, at place, written string) (*node, error) {
	if b.made++; b.made > maxNodes {
		return nil, faultAt(at, "the document holds more than %d values, those that aliases repeat included", maxNodes)
	}
	if len(b.free) == 0 {
		b.free = make([]node, 512)
	}
	n := &b.free[0]
	b.free = b.free[1:]
	n.kind, n.at, n.text = k, at, written
	return n, nil
}

// enter makes a mapping or a list that stands so deep.
func (b *builder) enter(k kind, at place, depth int) (*node, error) {
	if depth >= maxNesting {
		return nil, faultAt(at, "%s", errNesting)
	}
	return b.node(k, at, "")
}

// name is a name of a member.
func (b *builder) name(written string) string {
	known, ok := b.names[written]
	if !ok {
		if b.names == nil {
			b.names = make(map[string]string)
		}
		known = strings.Clone(written)
		b.names[known] = known
	}
	return known
}

// take gives a node what has been put on the stack since it was that high.
func (b *builder) take(n *node, height int) {
	n.members = make([]member, len(b.stack)-height)
	copy(n.members, b.stack[height:])
	clear(b.stack[height:])
	b.stack = b.stack[:height]
}

// repeated finds a name that stands in a mapping for the second time.
func repeated(members []member) error {
	if len(members) <= few {
		for i := range members {
			for j := range i {
				if members[i].name == members[j].name {
					return secondTime(members[i])
				}
			}
		}
		return nil
	}
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		if seen[m.name] {
			return secondTime(m)
		}
		seen[m.name] = true
	}
	return nil
}

func secondTime(m member) error {
	return faultAt(m.at, "the key %q stands here for the second time", m.name)
}

// number makes a number. One that JSON writes keeps its text.
func (b *builder) number(at place, written string) (*node, error) {
	asJSON, ok := jsonNumber(written)
	if !ok {
		return nil, faultAt(at, "JSON has no such number: %s", written)
	}
	return b.node(number, at, asJSON)
}

// jsonNumber is a number of YAML, which has 0x1f, 0o17, 1_000, +1 and .5 besides, as JSON
// writes it.
func jsonNumber(written string) (string, bool) {
	if len(written) > maxDigits {
		return "", false
	}
	if isNumber(written) {
		return written, exponentFits(written)
	}
	digits := strings.ReplaceAll(written, "_", "")
	if i, ok := new(big.Int).SetString(digits, 0); ok {
		return i.String(), true
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", false
	}
	return strconv.FormatFloat(f, 'g', -1, 64), true
}

// isNumber reports whether JSON writes a number so.
func isNumber(written string) bool {
	if written == "" || !strings.ContainsAny(written[:1], "-0123456789") || !strings.ContainsAny(written[len(written)-1:], "0123456789") {
		return false
	}
	return json.Valid([]byte(written))
}

func exponentFits(written string) bool {
	i := strings.IndexAny(written, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(written[i+1:])
	return err == nil && -maxDigits <= exponent && exponent <= maxDigits
}
