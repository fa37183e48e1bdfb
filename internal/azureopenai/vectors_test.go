package azureopenai

import (
	"math"
	"slices"
	"testing"
)

func distance(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return 1 - sum
}

// The table in docs/configuration.md says the same.
func TestDistances(t *testing.T) {
	space := newVectorSpace("text-embedding-3-small", 1536)
	const question = "How do I reset my password?"
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{question, "how do i reset my PASSWORD", 0, 1e-6},
		{question, "How can I reset my password?", 0, 0.05},
		{question, "Resetting the password: how?", 0.3, 0.6},
		{question, "How do I reset my passwords, please?", 0, 0.05},
		{question, "How do I change my password?", 0.3, 0.6},
		{question, "What is the capital of France?", 0.85, 1.15},
		{"dog bites man", "man bites dog", 0.001, 0.1},
		{"今天天气怎么样", "今天的天气怎么样", 0, 0.2},
		{"今天天气怎么样", "我想买一本书", 0.85, 1.15},
		{"?!", "?!", 0, 1e-6},
		{"?!", "...", 0.85, 1.15},
	} {
		if got := distance(space.embed(c.a, 0), space.embed(c.b, 0)); got < c.least-1e-6 || got > c.most {
			t.Errorf("%q and %q: distance %.4f, want %g to %g", c.a, c.b, got, c.least, c.most)
		}
	}
}

func TestVectorsAreOfLengthOneAndStay(t *testing.T) {
	for _, model := range []string{"text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"} {
		d := findModel(model).dimensions
		space := newVectorSpace(model, d)
		for _, text := range []string{"Hello, world!", "a", "😀", " ", "x x x x"} {
			for _, n := range []int{0, 1, 2, 256, d} {
				v := space.embed(text, n)
				if want := max(n, 0); want != 0 && len(v) != want || n == 0 && len(v) != d {
					t.Fatalf("%s of %q, %d dimensions: got %d numbers", model, text, n, len(v))
				}
				if length := 1 - distance(v, v); math.Abs(length-1) > 1e-5 {
					t.Errorf("%s of %q, %d dimensions: length %v", model, text, n, length)
				}
				if !slices.Equal(v, space.embed(text, n)) {
					t.Errorf("%s of %q, %d dimensions: not the same twice", model, text, n)
				}
			}
		}
	}
	small, large := newVectorSpace("a", 64), newVectorSpace("b", 64)
	if slices.Equal(small.embed("Hello", 0), large.embed("Hello", 0)) {
		t.Error("two models give the same vector")
	}
}

// The first numbers of a vector are those of the shorter one, up to its length.
func TestShorterVectorsBeginTheSame(t *testing.T) {
	space := newVectorSpace("text-embedding-3-small", 1536)
	long, short := space.embed("The quick brown fox jumps over the lazy dog", 0), space.embed("The quick brown fox jumps over the lazy dog", 512)
	scale := 0.0
	for i := range short {
		if long[i] == 0 {
			continue
		}
		r := float64(short[i] / long[i])
		if scale != 0 && math.Abs(r-scale) > 1e-4 {
			t.Fatalf("number %d is scaled by %v, others by %v", i, r, scale)
		}
		scale = r
	}
	if scale <= 1 {
		t.Errorf("scaled by %v, want more than 1", scale)
	}
}

func BenchmarkEmbed(b *testing.B) {
	space := newVectorSpace("text-embedding-3-small", 1536)
	b.ReportAllocs()
	for b.Loop() {
		space.embed("How do I reset my password? I have lost the mail that you sent me.", 0)
	}
}
