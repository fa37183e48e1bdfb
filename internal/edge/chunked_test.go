package edge

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"testing"
)

// waiting gives out what has arrived, and tells when it is asked for more.
type waiting struct {
	arrived strings.Reader
	asked   bool
}

func (w *waiting) Read(p []byte) (int, error) {
	if w.arrived.Len() == 0 {
		w.asked = true
		return 0, io.EOF
	}
	return w.arrived.Read(p)
}

// TestChunkedReady: ready says whether the next Read gets by with what has
// arrived. Were it to say so wrongly, an event would wait for the one behind it.
func TestChunkedReady(t *testing.T) {
	tests := []struct {
		arrived string // behind the chunk "5\r\nhello"
		want    bool
	}{
		{"", false},
		{"\r", false},
		{"\r\n", false},
		{"\r\n3", false},
		{"\r\n3\r\n", false},
		{"\r\n3\r\na", true},
		{"\r\n3\r\nabc", true},
		{"\r\n0\r\n", false},
		{"\r\n0\r\n\r", false},
		{"\r\n0\r\n\r\n", true},
		{"\r\n0\r\nX: y\r\n", false},
		{"\r\n0;a=b\r\n\r\n", true},
		{"\r\nwrong\r\n", true},
	}
	for _, test := range tests {
		source := &waiting{}
		source.arrived.Reset("5\r\nhello" + test.arrived)
		c := chunkedReader{r: bufio.NewReaderSize(source, readBufferSize)}
		buffer := make([]byte, 5)
		if n, err := c.Read(buffer); n != 5 || err != nil {
			t.Fatal(n, err)
		}
		if got := c.ready(); got != test.want {
			t.Errorf("%q: ready is %t, want %t", test.arrived, got, test.want)
			continue
		}
		if test.want {
			c.Read(buffer)
			if source.asked {
				t.Errorf("%q: ready, but Read had to wait", test.arrived)
			}
		}
	}
}

// TestChunkedReadyInside: the rest of a chunk that has arrived in part.
func TestChunkedReadyInside(t *testing.T) {
	source := &waiting{}
	source.arrived.Reset("5\r\nhel")
	c := chunkedReader{r: bufio.NewReaderSize(source, readBufferSize)}
	if c.Read(make([]byte, 1)); !c.ready() {
		t.Error("not ready, with two bytes of the chunk there")
	}
	if c.Read(make([]byte, 5)); c.ready() {
		t.Error("ready, with nothing there")
	}
}

// TestPlainSize: what is read the quick way reads the same the other way, where there is
// one.
func TestPlainSize(t *testing.T) {
	for _, line := range []string{"0\r\n", "a\r\n", "00F\r\n", "7fffffffffffffff\r\n", "fffffffffffffff\r\n", "1000000000000000\r\n", "10;a=b\r\n", " 5 \r\n",
		"\r\n", "", "\n", "5\n", "5", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", "1_0\r\n", "8000000000000000\r\n", "5\r\r\n"} {
		quick, ok := plainSize([]byte(line))
		text, _ := strings.CutSuffix(line, "\r\n")
		want, err := strconv.ParseUint(text, 16, 63)
		if ok != (err == nil && strings.HasSuffix(line, "\r\n") && len(text) <= 15 && !strings.ContainsAny(text, "_+")) || ok && quick != int64(want) {
			t.Errorf("%q is %d, %v; the other way %d, %v", line, quick, ok, want, err)
		}
	}
}
