package azureopenai

import (
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// vectorSpace makes embeddings of a model: unit vectors that follow from the text alone,
// near for texts that share words. No meaning is in them: a synonym is as far away as any
// other word. Letter case, punctuation and blanks do not count, words that a sentence
// needs for its grammar count little, and the order of words counts some. The distances
// that come of it are in docs/configuration.md.
type vectorSpace struct {
	seed       uint64
	dimensions int
}

func newVectorSpace(model string, dimensions int) *vectorSpace {
	return &vectorSpace{seed: hashOf(0, model), dimensions: dimensions}
}

// Weights of what a text consists of.
const (
	wordWeight     = 1.0
	grammarWeight  = 0.15 // a word of grammarWords
	trigramsWeight = 0.5  // all three-letter pieces of a word together
	pairWeight     = 0.25 // two words that follow one another
)

// spread is how many of a vector's numbers a feature touches.
const spread = 32

// embed is the vector of a text: the model's dimensions, or the first n of them, scaled to
// length 1 again, as the models that allow it do it.
func (v *vectorSpace) embed(text string, n int) []float32 {
	sums := make([]float64, v.dimensions)
	v.addAll(sums, text)
	if n > 0 {
		sums = sums[:n]
	}
	length := lengthOf(sums)
	if length == 0 { // nothing touches so few numbers: put all into them
		v.addAll(sums, text)
		length = lengthOf(sums)
	}
	if length == 0 { // what there is outweighs itself
		sums[0], length = 1, 1
	}
	vector := make([]float32, len(sums))
	for i, x := range sums {
		vector[i] = float32(x / length)
	}
	return vector
}

func (v *vectorSpace) addAll(sums []float64, text string) {
	weights := features(text)
	for _, feature := range slices.Sorted(maps.Keys(weights)) { // sums depend on the order
		v.add(sums, feature, weights[feature])
	}
}

func lengthOf(sums []float64) float64 {
	square := 0.0
	for _, x := range sums {
		square += x * x
	}
	return math.Sqrt(square)
}

// add puts a feature into the sums: at places, and with signs, that its hash draws.
func (v *vectorSpace) add(sums []float64, feature string, weight float64) {
	weight /= math.Sqrt(spread)
	state := hashOf(v.seed, feature)
	for range spread {
		state = mix(state)
		if state>>63 == 0 {
			sums[state%uint64(len(sums))] += weight
		} else {
			sums[state%uint64(len(sums))] -= weight
		}
	}
}

// features are what a text consists of, and how much each weighs. What stands several
// times weighs more, by the root.
func features(text string) map[string]float64 {
	counts := make(map[string]float64)
	previous := ""
	for _, word := range words(text) {
		weight := wordWeight
		if grammarWords()[word] {
			weight = grammarWeight
		} else {
			if previous != "" {
				counts["2 "+previous+" "+word] += pairWeight * pairWeight
			}
			previous = word
		}
		counts["1 "+word] += weight * weight
		pieces := trigrams(word)
		for _, piece := range pieces {
			counts["3 "+piece] += weight * weight * trigramsWeight * trigramsWeight / float64(len(pieces))
		}
	}
	if len(counts) == 0 && text != "" {
		counts["0 "+strings.TrimSpace(text)] = 1 // punctuation alone, or symbols
	}
	for feature, square := range counts {
		counts[feature] = math.Sqrt(square)
	}
	return counts
}

// words are a text's runs of letters and digits, in lower case. Scripts without blanks
// between words have one for each character.
func words(text string) []string {
	var list []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			list = append(list, singular(word.String()))
			word.Reset()
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			end()
			list = append(list, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word.WriteRune(r)
		case r == '\'' || r == '’': // don't, it's
		default:
			end()
		}
	}
	end()
	return list
}

// singular takes an English plural's s off.
func singular(word string) string {
	if len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
		return word[:len(word)-1]
	}
	return word
}

// trigrams are the pieces of three characters of a word with its ends marked.
func trigrams(word string) []string {
	runes := []rune("^" + word + "$")
	if len(runes) < 3 {
		return nil
	}
	pieces := make([]string, 0, len(runes)-2)
	for i := range len(runes) - 2 {
		pieces = append(pieces, string(runes[i:i+3]))
	}
	return pieces
}

// grammarWords are English words that carry little meaning, after [singular].
var grammarWords = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for _, word := range strings.Fields(`a an and any are as at be been but by can could do does doe did for from had has have how i if in into is it its
		ive im id me mine my of on or our please shall should so some than that the their them then there these they this those to u us was we were what whats
		when where which who whom whose why will with would you your`) {
		set[singular(word)] = true
		set[word] = true
	}
	return set
})

func hashOf(seed uint64, text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text)) // never fails
	return mix(h.Sum64() ^ seed)
}

// mix is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
