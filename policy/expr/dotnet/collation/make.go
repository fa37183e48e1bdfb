//go:build ignore

// Make packs what dump.c prints into collation.gz, which package dotnet reads.
// README.md tells the format.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// element is a collation element with ICU's own weights.
type element struct {
	primary             uint32
	secondary, tertiary uint16
}

type packer struct {
	single       map[rune][]element
	contractions map[string][]element
	breaks       map[rune]int
	lower        map[rune]rune   // of a character that differs in kana or width
	keys         map[rune]string // its sort key
	ranks        map[uint32]int
	secondaries  []uint16
	tertiaries   []uint16
	out          []byte
}

func main() {
	log.SetFlags(0)
	p := &packer{
		single: map[rune][]element{}, contractions: map[string][]element{}, breaks: map[rune]int{},
		lower: map[rune]rune{}, keys: map[rune]string{}, ranks: map[uint32]int{},
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		p.read(lines.Text())
	}
	p.rank()
	p.writeLong()
	p.writeIdeographs()
	p.writeSingles()
	p.writeContractions()
	p.writeWidths()
	p.writeBreaks()
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	w.Write(p.out)
	w.Close()
	if err := os.WriteFile("collation.gz", packed.Bytes(), 0o666); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(p.out), "bytes, packed", packed.Len())
}

func (p *packer) read(line string) {
	key, value, _ := strings.Cut(line[2:], ":")
	var runes []rune
	for _, text := range strings.Split(key, "+") {
		r, err := strconv.ParseUint(text, 16, 32)
		if err != nil {
			log.Fatalf("%s: %v", line, err)
		}
		runes = append(runes, rune(r))
	}
	switch line[0] {
	case 'e':
		if len(runes) > 1 {
			p.contractions[string(runes)] = readElements(value)
		} else {
			p.single[runes[0]] = readElements(value)
		}
	case 'g':
		p.breaks[runes[0]], _ = strconv.Atoi(value)
	case 'i':
		p.lower[runes[1]], p.keys[runes[1]] = runes[0], value
	}
}

// readElements joins the two halves in which ICU gives a long element.
func readElements(text string) []element {
	var found []element
	for _, half := range strings.Split(text, ",") {
		v, _ := strconv.ParseUint(half, 16, 32)
		primary, secondary, tertiary := uint32(v>>16), uint16(v>>8&0xFF), uint16(v&0x3F)
		if v&0xC0 == 0xC0 && len(found) > 0 {
			last := &found[len(found)-1]
			last.primary |= primary
			last.secondary |= secondary
			last.tertiary |= tertiary
		} else if v != 0 {
			found = append(found, element{primary << 16, secondary << 8, tertiary << 8})
		}
	}
	return found
}

// rank numbers the primary weights and collects the others.
func (p *packer) rank() {
	primaries, secondaries, tertiaries := map[uint32]bool{0: true}, map[uint16]bool{0: true}, map[uint16]bool{0: true}
	for _, table := range [][][]element{slices.Collect(maps.Values(p.single)), slices.Collect(maps.Values(p.contractions))} {
		for _, elements := range table {
			for _, e := range elements {
				primaries[e.primary], secondaries[e.secondary], tertiaries[e.tertiary] = true, true, true
			}
		}
	}
	for i, primary := range slices.Sorted(maps.Keys(primaries)) {
		p.ranks[primary] = i
	}
	p.secondaries, p.tertiaries = slices.Sorted(maps.Keys(secondaries)), slices.Sorted(maps.Keys(tertiaries))
}

// writeLong writes which weights ICU's search takes for two elements: those of
// more than half the bits.
func (p *packer) writeLong() {
	primaries := make([]bool, len(p.ranks))
	for primary, rank := range p.ranks {
		primaries[rank] = primary&0xFFFF != 0
	}
	secondaries := make([]bool, len(p.secondaries))
	for i, secondary := range p.secondaries {
		secondaries[i] = secondary&0xFF != 0
	}
	for _, tertiary := range p.tertiaries {
		if tertiary&0xFF != 0 {
			log.Fatalf("tertiary weight %X is long", tertiary)
		}
	}
	p.runs(primaries)
	p.runs(secondaries)
}

// runs writes how many are false, then how many true and so on, up to a 0.
func (p *packer) runs(flags []bool) {
	for value := false; ; value = !value {
		n := slices.Index(flags, !value)
		if n < 0 {
			p.number(len(flags))
			p.number(0)
			return
		}
		p.number(n)
		flags = flags[n:]
	}
}

func (p *packer) number(n int)     { p.out = binary.AppendUvarint(p.out, uint64(n)) }
func (p *packer) difference(n int) { p.out = binary.AppendVarint(p.out, int64(n)) }
func (p *packer) elements(es []element, last int) int {
	p.number(len(es))
	for _, e := range es {
		rank := p.ranks[e.primary]
		p.difference(rank - last)
		if rank != 0 {
			last = rank
		}
		secondary, _ := slices.BinarySearch(p.secondaries, e.secondary)
		tertiary, _ := slices.BinarySearch(p.tertiaries, e.tertiary)
		p.number(secondary)
		p.number(tertiary)
	}
	return last
}

// ideograph reports whether c is one of those that are listed in order.
func (p *packer) ideograph(c rune) bool {
	return unicode.Is(unicode.Unified_Ideograph, c) && len(p.single[c]) == 1
}

// block is the block of ideographs that c is in, so that most differences within
// a block are 1.
func block(c rune) int {
	for i, start := range []rune{0x3400, 0x4E00, 0x9FA6, 0xF900, 0x20000, 0x2A700, 0x2B740, 0x2B820, 0x2CEB0, 0x30000, 0x31350} {
		if c < start {
			return i
		}
	}
	return 11
}

func (p *packer) writeIdeographs() {
	var ideographs []rune
	for c := range p.single {
		if p.ideograph(c) {
			ideographs = append(ideographs, c)
		}
	}
	slices.SortFunc(ideographs, func(a, b rune) int { return cmp.Compare(p.single[a][0].primary, p.single[b][0].primary) })
	common := p.single[ideographs[0]][0]
	secondary, _ := slices.BinarySearch(p.secondaries, common.secondary)
	tertiary, _ := slices.BinarySearch(p.tertiaries, common.tertiary)
	p.number(secondary)
	p.number(tertiary)
	first := p.ranks[common.primary]
	p.number(len(ideographs))
	p.number(first)
	for i, c := range ideographs {
		if p.ranks[p.single[c][0].primary] != first+i {
			log.Fatalf("%X is out of order", c)
		}
		p.number(block(c))
	}
	var last [12]rune
	for _, c := range ideographs {
		b := block(c)
		p.difference(int(c - last[b]))
		last[b] = c
	}
}

// composed reports whether c has the elements of its canonical decomposition.
func (p *packer) composed(c rune) bool {
	decomposition := norm.NFD.String(string(c))
	if decomposition == string(c) {
		return false
	}
	return slices.Equal(p.of(decomposition), p.single[c])
}

// of is the elements of a text by the longest contractions.
func (p *packer) of(text string) (es []element) {
	runes := []rune(text)
	for len(runes) > 0 {
		n := min(3, len(runes))
		for n > 1 && p.contractions[string(runes[:n])] == nil {
			n--
		}
		if n > 1 {
			es = append(es, p.contractions[string(runes[:n])]...)
		} else {
			es = append(es, p.single[runes[0]]...)
		}
		runes = runes[n:]
	}
	return es
}

func (p *packer) writeSingles() {
	var kept []rune
	for _, c := range slices.Sorted(maps.Keys(p.single)) {
		if !p.ideograph(c) && !p.composed(c) {
			kept = append(kept, c)
		}
	}
	p.number(len(kept))
	c, last := rune(0), 0
	for _, next := range kept {
		p.number(int(next - c))
		c = next
		last = p.elements(p.single[c], last)
	}
}

func (p *packer) writeContractions() {
	p.number(len(p.contractions))
	last := 0
	for _, key := range slices.Sorted(maps.Keys(p.contractions)) {
		runes := []rune(key)
		p.number(len(runes))
		for _, c := range runes {
			p.number(int(c))
		}
		last = p.elements(p.contractions[key], last)
	}
}

// writeWidths writes, for characters that differ from another one in kana or
// width, that one and their place among those that differ from the same.
func (p *packer) writeWidths() {
	families := map[rune][]rune{}
	for higher, lower := range p.lower {
		for p.lower[lower] != 0 {
			lower = p.lower[lower]
		}
		lower = []rune(norm.NFD.String(string(lower)))[0]
		primary := p.single[lower][0].primary
		for c := range lower { // the family's first: its members share the primary
			if es := p.single[c]; len(es) > 0 && es[0].primary == primary {
				lower = c
				break
			}
		}
		families[lower] = append(families[lower], higher)
	}
	p.number(len(p.lower))
	for _, lower := range slices.Sorted(maps.Keys(families)) {
		slices.SortFunc(families[lower], func(a, b rune) int { return cmp.Compare(p.keys[a], p.keys[b]) })
		for i, higher := range families[lower] {
			p.number(int(higher))
			p.number(int(lower))
			p.number(i + 1)
		}
	}
}

func (p *packer) writeBreaks() {
	var starts, ends []rune
	for _, c := range slices.Sorted(maps.Keys(p.breaks)) {
		if n := len(ends); n > 0 && ends[n-1] == c && p.breaks[c] == p.breaks[starts[n-1]] {
			ends[n-1]++
			continue
		}
		starts, ends = append(starts, c), append(ends, c+1)
	}
	p.number(len(starts))
	c := rune(0)
	for i := range starts {
		p.number(int(starts[i] - c))
		p.number(int(ends[i] - starts[i]))
		p.number(p.breaks[starts[i]])
		c = ends[i]
	}
}
