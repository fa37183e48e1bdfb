package tokencount

import (
	"container/heap"
	"math"
)

// merger cuts one piece after another into tokens, keeping its memory.
//
// A piece begins as one part a byte. The two neighbours whose joined bytes have
// the lowest rank, the leftmost of equals, become one part, and so on until no
// neighbours have a rank. The usual way looks through all parts for each merge,
// which takes minutes for a megabyte of blanks; here the candidates wait in a
// heap, so the time is n log n.
type merger struct {
	// A part is known by where it starts. rank[i] is the rank of the part at i
	// joined with its right neighbour, or unranked; next and prev are its
	// neighbours' starts.
	rank       []int32
	next, prev []int32
	candidates candidates
}

const unranked = math.MaxInt32

// tokens yields the tokens of piece and reports whether yield wants more.
func (m *merger) tokens(ranks map[string]int, piece string, yield func(string) bool) bool {
	if _, whole := ranks[piece]; whole {
		return yield(piece)
	}
	m.split(ranks, piece)
	for m.candidates.Len() > 0 {
		c := heap.Pop(&m.candidates).(candidate)
		// A candidate whose neighbourhood has changed since is out of date.
		if m.rank[c.start()] == c.rank() {
			m.join(ranks, piece, c.start())
		}
	}
	for start := int32(0); int(start) < len(piece); start = m.next[start] {
		if !yield(piece[start:m.next[start]]) {
			return false
		}
	}
	return true
}

// split makes a part of each byte.
func (m *merger) split(ranks map[string]int, piece string) {
	n := len(piece)
	m.rank, m.next, m.prev = sized(m.rank, n), sized(m.next, n), sized(m.prev, n)
	m.candidates = m.candidates[:0]
	for i := range n {
		m.next[i], m.prev[i], m.rank[i] = int32(i+1), int32(i-1), unranked
		if i+2 > n {
			continue
		}
		if r, ok := ranks[piece[i:i+2]]; ok {
			m.rank[i] = int32(r)
			m.candidates = append(m.candidates, newCandidate(int32(r), int32(i)))
		}
	}
	heap.Init(&m.candidates)
}

// join makes the part at start and its right neighbour one.
func (m *merger) join(ranks map[string]int, piece string, start int32) {
	gone := m.next[start]
	m.rank[gone] = unranked
	m.next[start] = m.next[gone]
	if end := m.next[start]; int(end) < len(piece) {
		m.prev[end] = start
	}
	m.offer(ranks, piece, start)
	if before := m.prev[start]; before >= 0 {
		m.offer(ranks, piece, before)
	}
}

// offer ranks the part at start with its right neighbour anew.
func (m *merger) offer(ranks map[string]int, piece string, start int32) {
	m.rank[start] = unranked
	neighbour := m.next[start]
	if int(neighbour) == len(piece) {
		return
	}
	if r, ok := ranks[piece[start:m.next[neighbour]]]; ok {
		m.rank[start] = int32(r)
		heap.Push(&m.candidates, newCandidate(int32(r), start))
	}
}

func sized(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

// A candidate is a pair that could be joined: its rank and where it starts, in
// one number that sorts as wanted.
type candidate uint64

func newCandidate(rank, start int32) candidate {
	return candidate(uint64(rank)<<32 | uint64(start))
}

func (c candidate) rank() int32  { return int32(c >> 32) }
func (c candidate) start() int32 { return int32(c & math.MaxUint32) }

// candidates is a heap, the lowest first.
type candidates []candidate

var _ heap.Interface = (*candidates)(nil)

func (c candidates) Len() int           { return len(c) }
func (c candidates) Less(i, j int) bool { return c[i] < c[j] }
func (c candidates) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)        { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := len(*c) - 1
	x := (*c)[last]
	*c = (*c)[:last]
	return x
}
