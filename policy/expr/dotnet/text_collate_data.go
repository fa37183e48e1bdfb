package dotnet

import (
	"bytes"
	"compress/gzip"
	_ "embed" // collation.gz
	"encoding/binary"
	"io"
	"slices"
	"sync"
)

// collationData is ICU 72's root collation; collation/README.md says how it was
// made and what it holds.
//
//go:embed collation/collation.gz
var collationData []byte

// An element is a collation element: how a character sorts at three levels, from
// the top: the primary weight (which letter; 32 bits), the secondary (which
// accents; 16 bits) and the tertiary one (case and form; 16 bits). A weight of 0
// means that the character does not count at that level.
type element uint64

func newElement(primary, secondary, tertiary int) element {
	return element(primary)<<32 | element(secondary)<<16 | element(tertiary)
}

func (e element) primary() uint32   { return uint32(e >> 32) }
func (e element) secondary() uint16 { return uint16(e >> 16) }
func (e element) tertiary() uint16  { return uint16(e) }

// isLong reports whether ICU's search takes e for two elements.
func (e element) isLong() bool { return e.primary()&1 != 0 || e.secondary()&1 != 0 }

// Weights are numbered in the data. They are widened here: by a bit that says that
// a weight is long; and primary weights so that there is room within one for what
// differs in kana or width only, and above the ideographs for code points that
// are not in the data.
const (
	widthStep       = 2
	widthBits       = 4
	firstUnassigned = 1 << 28
	firstSpecial    = 1 << 30 // U+FFFD, U+FFFF
)

// collation is a table of elements by character.
type collation struct {
	pages        [0x110000 >> 8]*[256]elements
	contractions map[rune][]contraction // by the first character, longest first
	widths       map[rune]element       // of what differs in kana or width
	breaks       []breakRange
}

// elements are the elements of a character in the data: nil if there are none.
type elements []element

// A contraction is a sequence of characters that sorts as a whole.
type contraction struct {
	rest     string // after the first character
	elements elements
}

// breakRange is a range of characters with the same property for clusters.
type breakRange struct {
	first, last rune
	property    uint8
}

// rootCollation is the table, unpacked when a comparison first needs it.
var rootCollation = sync.OnceValue(func() *collation {
	unpacked, err := gzip.NewReader(bytes.NewReader(collationData))
	if err != nil {
		panic("dotnet: collation.gz: " + err.Error())
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		panic("dotnet: collation.gz: " + err.Error())
	}
	r := &collationReader{data: data, table: &collation{contractions: make(map[rune][]contraction), widths: make(map[rune]element)}}
	r.read()
	return r.table
})

type collationReader struct {
	data        []byte
	table       *collation
	primaries   []int // by number
	secondaries []int
	lastWeight  int
}

func (r *collationReader) number() int {
	n, size := binary.Uvarint(r.data)
	r.data = r.data[size:]
	return int(n)
}

func (r *collationReader) difference() int {
	n, size := binary.Varint(r.data)
	r.data = r.data[size:]
	return int(n)
}

func (r *collationReader) read() {
	r.primaries, r.secondaries = r.longWeights(widthBits), r.longWeights(1)
	r.readIdeographs()
	r.readSingles()
	r.readContractions()
	r.readWidths()
	r.readBreaks()
}

// longWeights reads runs of short and long weights, which alternate: by number
// what they are widened to.
func (r *collationReader) longWeights(bits int) []int {
	var weights []int
	for long := 0; ; long = 1 - long {
		n := r.number()
		if n == 0 && len(weights) > 0 {
			return weights
		}
		for range n {
			weights = append(weights, len(weights)<<bits|long)
		}
	}
}

// readIdeographs reads the ideographs in their order: first the block of each,
// then the difference to the one before in the same block.
func (r *collationReader) readIdeographs() {
	secondary, tertiary := r.secondaries[r.number()], r.number()
	count, first := r.number(), r.number()
	for i := first + count; i < len(r.primaries); i++ {
		r.primaries[i] += firstSpecial
	}
	blocks := make([]int, count)
	for i := range blocks {
		blocks[i] = r.number()
	}
	last := make(map[int]rune)
	pool := make(elements, count)
	for i, block := range blocks {
		last[block] += rune(r.difference())
		pool[i] = newElement(r.primaries[first+i], secondary, tertiary)
		r.table.set(last[block], pool[i:i+1:i+1])
	}
}

func (c *collation) set(char rune, e elements) {
	page := c.pages[char>>8]
	if page == nil {
		page = new([256]elements)
		c.pages[char>>8] = page
	}
	page[char&0xFF] = e
}

func (r *collationReader) elements() elements {
	e := make(elements, r.number())
	for i := range e {
		weight := r.lastWeight + r.difference()
		if weight != 0 {
			r.lastWeight = weight
		}
		secondary := r.secondaries[r.number()]
		e[i] = newElement(r.primaries[weight], secondary, r.number())
	}
	return e
}

func (r *collationReader) readSingles() {
	char := rune(0)
	for range r.number() {
		char += rune(r.number())
		r.table.set(char, r.elements())
	}
}

func (r *collationReader) readContractions() {
	r.lastWeight = 0
	for range r.number() {
		chars := make([]rune, r.number())
		for i := range chars {
			chars[i] = rune(r.number())
		}
		first := chars[0]
		r.table.contractions[first] = append(r.table.contractions[first], contraction{string(chars[1:]), r.elements()})
	}
	for _, list := range r.table.contractions {
		slices.SortStableFunc(list, func(a, b contraction) int { return len(b.rest) - len(a.rest) })
	}
}

// readWidths reads for each character that differs from another one in kana or
// width only: that one, and the place among those that differ from the same.
func (r *collationReader) readWidths() {
	for range r.number() {
		char, like := rune(r.number()), rune(r.number())
		base := r.table.pages[like>>8][like&0xFF][0]
		r.table.widths[char] = base + element(r.number()*widthStep)<<32
	}
}

func (r *collationReader) readBreaks() {
	r.table.breaks = make([]breakRange, r.number())
	char := rune(0)
	for i := range r.table.breaks {
		first := char + rune(r.number())
		char = first + rune(r.number())
		r.table.breaks[i] = breakRange{first, char - 1, uint8(r.number())}
	}
}
