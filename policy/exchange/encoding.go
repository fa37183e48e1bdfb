package exchange

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
)

// Decode undoes a Content-Encoding: gzip, deflate, or several, the last one
// applied first. Errors: [*BodyTooLargeError] above limit bytes, or what is wrong
// with the coding.
func Decode(coding string, data []byte, limit int64) ([]byte, error) {
	codings := strings.Split(coding, ",")
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if data, err = decodeOne(strings.ToLower(strings.TrimSpace(codings[i])), data, limit); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func decodeOne(coding string, data []byte, limit int64) ([]byte, error) {
	var r io.Reader
	var err error
	switch coding {
	case "", "identity":
		return data, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(data))
	case "deflate":
		// zlib by the standard; some senders leave its frame out.
		if r, err = zlib.NewReader(bytes.NewReader(data)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(data)), nil
		}
	default:
		return nil, fmt.Errorf("a body of the Content-Encoding %q can't be read; gzip and deflate can", coding)
	}
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(r, limit+1))
	}
	if err != nil {
		return nil, fmt.Errorf("the body is not the %s that its Content-Encoding says: %w", coding, err)
	}
	if int64(len(data)) > limit {
		return nil, &BodyTooLargeError{limit}
	}
	return data, nil
}
