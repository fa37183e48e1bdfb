package store

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
)

var _ policy.Vectors = (*Vectors)(nil)

var midday = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// at is a place at an angle in degrees.
func at(degrees float64) []float32 {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return []float32{float32(3 * cos), float32(3 * sin)}
}

func nearest(v *Vectors, partition string, degrees, most float64, now time.Time) string {
	value, distance, ok := v.Nearest(partition, at(degrees), most, now)
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%s %.3f", value, distance)
}

func TestVectors(t *testing.T) {
	var v Vectors
	for _, degrees := range []float64{0, 20, 90} {
		v.Add("p", at(degrees), fmt.Append(nil, degrees), midday, midday.Add(time.Minute))
	}
	v.Add("q", at(45), []byte("q"), midday, midday.Add(time.Hour))
	exact := 1 - math.Cos(5*math.Pi/180)
	for _, test := range []struct {
		partition     string
		degrees, most float64
		after         time.Duration
		want          string
	}{
		{"p", 0, 0, 0, "0 0.000"},
		{"p", 5, 0, 0, "-"},
		{"p", 5, exact + 1e-7, 0, "0 0.004"},
		{"p", 5, exact - 1e-4, 0, "-"},
		{"p", 18, 1, 0, "20 0.001"},
		{"p", 180, 1, 0, "90 1.000"},
		{"p", 45, 0.05, 0, "-"},
		{"q", 45, 0.05, 0, "q 0.000"},
		{"r", 45, 2, 0, "-"},
		{"p", 0, 0, time.Minute, "-"},
	} {
		if got := nearest(&v, test.partition, test.degrees, test.most, midday.Add(test.after)); got != test.want {
			t.Errorf("%s at %g within %g after %s: %s, want %s", test.partition, test.degrees, test.most, test.after, got, test.want)
		}
	}
	if n := v.Len(); n != 1 {
		t.Errorf("%d are kept after those of p have expired", n)
	}
	v.Add("q", at(45), []byte("again"), midday, midday.Add(time.Hour))
	if got := nearest(&v, "q", 45, 0, midday); got != "again 0.000" || v.Len() != 1 {
		t.Errorf("at the same place: %s of %d", got, v.Len())
	}
	if _, _, ok := v.Nearest("q", []float32{1, 2, 3}, 2, midday); ok {
		t.Error("a place of other dimensions was found")
	}
	v.Reset()
	if v.Len() != 0 || v.size != 0 {
		t.Error("something is left after Reset")
	}
}

func TestVectorsBound(t *testing.T) {
	v := Vectors{Size: 20 << 10}
	v.Add("p", at(0), make([]byte, 21<<10), midday, midday.Add(time.Hour))
	if v.Len() != 0 {
		t.Error("what is too large was kept")
	}
	v.Add("p", at(0), []byte("used"), midday, midday.Add(time.Hour))
	for i := range 300 {
		v.Add(fmt.Sprint("p", i%3), at(float64(i)), make([]byte, 100), midday, midday.Add(time.Hour))
		if got := nearest(&v, "p", 0, 0, midday); got != "used 0.000" {
			t.Fatalf("what is used is gone after %d", i)
		}
	}
	if v.size > v.Size || v.size < v.Size/2 {
		t.Errorf("it keeps %d bytes of %d", v.size, v.Size)
	}
}

func TestVectorsAtOnce(t *testing.T) {
	v := Vectors{Size: 10 << 10}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 200 {
				degrees := float64((g * i) % 50)
				v.Add("p", at(degrees), fmt.Append(nil, degrees), midday, midday.Add(time.Duration(i%5)))
				if value, _, ok := v.Nearest("p", at(degrees), 0, midday); ok && string(value) != fmt.Sprint(degrees) {
					t.Errorf("at %g is %s", degrees, value)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkNearest(b *testing.B) {
	var v Vectors
	place := make([]float32, 1536)
	for i := range 500 {
		place[i] = 1
		v.Add("p", place, []byte("answer"), midday, midday.Add(time.Hour))
	}
	b.ReportAllocs()
	for b.Loop() {
		v.Nearest("p", place, 0.05, midday)
	}
}

func TestVectorsSnapshot(t *testing.T) {
	var v Vectors
	v.Add("a", at(0), []byte("one"), midday, midday.Add(time.Minute))
	v.Add("b", at(0), []byte("three"), midday, midday.Add(time.Hour))
	v.Add("a", at(90), []byte("x"), midday, midday.Add(time.Hour))
	nearest(&v, "a", 0, 0.1, midday) // which is used last now
	want := []Placed{{0, "a", 3, midday.Add(time.Minute)}, {1, "b", 5, midday.Add(time.Hour)}, {2, "a", 1, midday.Add(time.Hour)}}
	if got := v.Snapshot(midday); !slices.Equal(got, want) {
		t.Errorf("kept is %v, want %v", got, want)
	}
	v.Remove(1)
	v.Remove(7) // not there
	if got := v.Snapshot(midday.Add(2 * time.Minute)); !slices.Equal(got, want[2:]) {
		t.Errorf("kept is %v, want %v", got, want[2:])
	}
}
