package otlp

import (
	"bytes"
	"testing"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// FuzzAnswer: an answer is read as the generated types read it, and no other does harm.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x0a, 0x08, 0x08, 0x03, 0x12, 0x04, 'l', 'a', 't', 'e'})
	f.Add([]byte{0x08, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1d, 1, 2, 3, 4, 0x0a, 0x02, 0x08, 0x05})
	f.Add([]byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{0x0b, 0x0c})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, answer []byte) {
		success := bytesIn(answer, 1)
		rejected, text := numberIn(success, 1), textIn(success, 2)
		var want collectortrace.ExportTraceServiceResponse
		if proto.Unmarshal(answer, &want) != nil {
			return
		}
		// Written again it has each field once, and none that is unknown.
		want.ProtoReflect().SetUnknown(nil)
		if want.PartialSuccess != nil {
			want.PartialSuccess.ProtoReflect().SetUnknown(nil)
		}
		once, err := proto.Marshal(&want)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(once, answer) && (rejected != want.PartialSuccess.GetRejectedSpans() || text != want.PartialSuccess.GetErrorMessage()) {
			t.Errorf("%d, %q are read, want %v", rejected, text, &want)
		}
	})
}
