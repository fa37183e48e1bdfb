package edge

import (
	"bufio"
	"io"
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
