package expr

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// A compressed body is decoded for who reads it, and goes on as it came.
func TestCompressedBody(t *testing.T) {
	const text = `{"a": 1}`
	compress := map[string]func() []byte{
		"gzip": func() []byte {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			io.WriteString(w, text)
			w.Close()
			return b.Bytes()
		},
		"deflate": func() []byte {
			var b bytes.Buffer
			w := zlib.NewWriter(&b)
			io.WriteString(w, text)
			w.Close()
			return b.Bytes()
		},
		"identity": func() []byte { return []byte(text) },
	}
	for coding, data := range compress {
		x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
		x.Request.Header.Set("Content-Encoding", coding)
		sent := data()
		x.Request.Body = exchange.StreamBody(io.NopCloser(bytes.NewReader(sent)), int64(len(sent)))
		if got := evaluateIn(t, x, `@((int)context.Request.Body.As<JObject>(preserveContent: true)["a"])`); got != int32(1) {
			t.Errorf("%s: got %v", coding, got)
		}
		if left, _ := x.Request.Body.Buffer(1 << 20); !bytes.Equal(left, sent) {
			t.Errorf("%s: the body was changed", coding)
		}
	}
}

func TestBodyThatIsNotWhatItSays(t *testing.T) {
	for _, coding := range []string{"gzip", "br"} {
		x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
		x.Request.Header.Set("Content-Encoding", coding)
		x.Request.Body = exchange.BytesBody([]byte("plain"))
		got := evaluateIn(t, x, `@{ try { return context.Request.Body.As<string>(true); } catch (Exception e) { return e.GetType().Name; } }`)
		if got != "InvalidDataException" {
			t.Errorf("%s: got %v", coding, got)
		}
	}
}

// A body that unpacks to more than the limit is not unpacked.
func TestCompressionBomb(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(make([]byte, 1<<20))
	w.Close()
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	x.Request.Header.Set("Content-Encoding", "gzip")
	x.Request.Body = exchange.BytesBody(b.Bytes())
	e, diags := Compile(`@(context.Request.Body.As<string>())`, Options{})
	if diags != nil {
		t.Fatal(diags)
	}
	m := &Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: NewContext(x), BodyLimit: 1 << 16}
	if _, err := e.Eval(m); err == nil || err.Error() != (&exchange.BodyTooLargeError{Limit: 1 << 16}).Error() {
		t.Errorf("got %v", err)
	}
}

func evaluateIn(t *testing.T, x *exchange.Exchange, source string) any {
	t.Helper()
	e, diags := Compile(source, Options{AnyType: true})
	if diags != nil {
		t.Fatal(diags)
	}
	got, err := e.Eval(&Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: NewContext(x)})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
