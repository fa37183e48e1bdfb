package dotnet

import "math"

// Generator is System.Random: the subtractive generator of Knuth (The Art of
// Computer Programming, volume 2, 3.2.2) with .NET's seeding, so that a seed gives
// .NET's sequence.
type Generator struct {
	state       [randomLag]int32
	first, next int // the next two places to subtract
}

const (
	randomLag  = 55
	randomTap  = 21
	randomSeed = 161803398 // digits of the golden ratio
)

// NewRandom is new Random(seed).
func NewRandom(seed int32) *Generator {
	subtraction := seed
	switch {
	case seed == math.MinInt32:
		subtraction = math.MaxInt32
	case seed < 0:
		subtraction = -seed
	}
	// Places are numbered from 1 here, as in the description; the last is 55.
	var s [randomLag + 1]int32
	j := randomSeed - subtraction
	s[randomLag] = j
	k := int32(1)
	for i := 1; i < randomLag; i++ {
		at := randomTap * i % randomLag
		s[at] = k
		k = wrapRandom(j - k)
		j = s[at]
	}
	for range 4 {
		for i := 1; i <= randomLag; i++ {
			s[i] = wrapRandom(s[i] - s[1+(i+30)%randomLag])
		}
	}
	r := &Generator{first: 0, next: randomTap}
	copy(r.state[:], s[1:])
	return r
}

// wrapRandom brings a difference back above zero.
func wrapRandom(v int32) int32 {
	if v < 0 {
		v += math.MaxInt32
	}
	return v
}

// Next is a number from 0 to MaxInt32-1.
func (r *Generator) Next() int32 {
	v := r.state[r.first] - r.state[r.next]
	if v == math.MaxInt32 {
		v--
	}
	v = wrapRandom(v)
	r.state[r.first] = v
	r.first, r.next = (r.first+1)%randomLag, (r.next+1)%randomLag
	return v
}

// NextDouble is a number from 0 to below 1.
func (r *Generator) NextDouble() float64 { return float64(r.Next()) * (1.0 / math.MaxInt32) }

// NextBelow is Next(maxValue).
func (r *Generator) NextBelow(limit int32) (int32, error) {
	if limit < 0 {
		return 0, ArgumentOutOfRange("maxValue", "'maxValue' must be greater than zero.")
	}
	return int32(r.NextDouble() * float64(limit)), nil
}

// NextBetween is Next(minValue, maxValue).
func (r *Generator) NextBetween(low, limit int32) (int32, error) {
	if low > limit {
		return 0, ArgumentOutOfRange("minValue", "'minValue' cannot be greater than maxValue.")
	}
	size := int64(limit) - int64(low)
	if size <= math.MaxInt32 {
		return int32(r.NextDouble()*float64(size)) + low, nil
	}
	return int32(int64(r.wide()*float64(size)) + int64(low)), nil
}

// wide is a number from 0 to below 1 made for ranges beyond 31 bits: another call
// decides the sign.
func (r *Generator) wide() float64 {
	v := r.Next()
	if r.Next()%2 == 0 {
		v = -v
	}
	return (float64(v) + (math.MaxInt32 - 1)) / (2*math.MaxInt32 - 1)
}
