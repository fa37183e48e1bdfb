package store

import (
	"cmp"
	"container/list"
	"math"
	"slices"
	"sync"
	"time"
)

// Vectors keeps bytes at places in a space of many dimensions, and finds the nearest
// exactly, by looking at each place of a partition. It is bounded by what its entries
// take; the one that was used longest ago goes first. The zero value is ready, and keeps
// [DefaultVectorsSize] bytes.
type Vectors struct {
	// Size is the most bytes that are kept; 0: DefaultVectorsSize.
	Size int64

	mu         sync.Mutex
	size       int64
	partitions map[string]map[*list.Element]struct{}
	recent     list.List // of *placed; the one that was used last is in front
	added      uint64
}

// DefaultVectorsSize is the bytes that vectors keep if nobody says otherwise. Chosen: some
// thousand answers, which are looked through in milliseconds.
const DefaultVectorsSize = 64 << 20

// same is how far apart places are that count as one: what rounding makes of equal ones.
const same = 1e-6

// placed is what is kept at a place.
type placed struct {
	id        uint64 // how many were added before
	partition string
	place     []float32 // of length 1
	value     []byte
	expire    time.Time
}

func (p *placed) cost() int64 {
	return int64(len(p.partition)+4*len(p.place)+len(p.value)) + entryCost
}

// Nearest is part of policy.Vectors. Places of another number of dimensions are far away.
// Of several that are equally near, one that was used last is taken.
func (v *Vectors) Nearest(partition string, place []float32, most float64, now time.Time) (value []byte, distance float64, ok bool) {
	unit := unitOf(place)
	v.mu.Lock()
	defer v.mu.Unlock()
	var best *list.Element
	for at := range v.partitions[partition] {
		p := at.Value.(*placed)
		if !now.Before(p.expire) {
			v.drop(at)
			continue
		}
		d := distanceOf(unit, p.place)
		if d <= most && (best == nil || d < distance || d == distance && p.expire.After(best.Value.(*placed).expire)) {
			best, distance = at, d
		}
	}
	if best == nil {
		return nil, 0, false
	}
	v.recent.MoveToFront(best)
	return best.Value.(*placed).value, distance, true
}

// Add is part of policy.Vectors. What was at the same place goes.
func (v *Vectors) Add(partition string, place []float32, value []byte, now, expires time.Time) {
	limit := v.Size
	if limit == 0 {
		limit = DefaultVectorsSize
	}
	p := &placed{partition: partition, place: unitOf(place), value: value, expire: expires}
	v.mu.Lock()
	defer v.mu.Unlock()
	for at := range v.partitions[partition] {
		if distanceOf(p.place, at.Value.(*placed).place) == 0 {
			v.drop(at)
		}
	}
	if !now.Before(expires) || p.cost() > limit {
		return
	}
	if v.partitions == nil {
		v.partitions = make(map[string]map[*list.Element]struct{})
	}
	if v.partitions[partition] == nil {
		v.partitions[partition] = make(map[*list.Element]struct{})
	}
	p.id, v.added = v.added, v.added+1
	v.partitions[partition][v.recent.PushFront(p)] = struct{}{}
	for v.size += p.cost(); v.size > limit; {
		v.drop(v.recent.Back())
	}
}

// drop takes an entry out; mu is held.
func (v *Vectors) drop(at *list.Element) {
	p := v.recent.Remove(at).(*placed)
	v.size -= p.cost()
	delete(v.partitions[p.partition], at)
	if len(v.partitions[p.partition]) == 0 {
		delete(v.partitions, p.partition)
	}
}

// Len is how many are kept, those too that have expired unnoticed.
func (v *Vectors) Len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.recent.Len()
}

// A Placed is an entry as others see it.
type Placed struct {
	ID        uint64
	Partition string
	Size      int // of what is kept, in bytes
	Expires   time.Time
}

// Snapshot is what is kept and has not expired, in the order in which it was added.
func (v *Vectors) Snapshot(now time.Time) []Placed {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []Placed
	for at := v.recent.Front(); at != nil; at = at.Next() {
		if p := at.Value.(*placed); now.Before(p.expire) {
			all = append(all, Placed{p.id, p.partition, len(p.value), p.expire})
		}
	}
	slices.SortFunc(all, func(a, b Placed) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Remove drops an entry, if it is there.
func (v *Vectors) Remove(id uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for at := v.recent.Front(); at != nil; at = at.Next() {
		if at.Value.(*placed).id == id {
			v.drop(at)
			return
		}
	}
}

// Reset drops everything.
func (v *Vectors) Reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.partitions, v.size = nil, 0
	v.recent.Init()
}

// unitOf is the vector of length 1 in the same direction; a vector of length 0 stays.
func unitOf(place []float32) []float32 {
	var sum float64
	for _, x := range place {
		sum += float64(x) * float64(x)
	}
	unit := make([]float32, len(place))
	if sum == 0 {
		return unit
	}
	scale := 1 / math.Sqrt(sum)
	for i, x := range place {
		unit[i] = float32(float64(x) * scale)
	}
	return unit
}

// distanceOf is the cosine distance of vectors of length 1: 0 of the same direction, 1 of
// a right angle, 2 of the opposite one.
func distanceOf(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var dot float64
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
	}
	if d := 1 - dot; d > same {
		return d
	}
	return 0
}
