package edge

import (
	"errors"
	"io"
	"strconv"
	"sync"
)

// uploadBuffer is how much of a stream is sent with one write.
const uploadBuffer = 32 << 10

var uploadMemory = sync.Pool{New: func() any { return new([uploadBuffer]byte) }}

type uploadState uint8

const (
	uploading uploadState = iota // the stream is being read
	lastWrite                    // all of it has been read; the last bytes are being written
	uploaded
	uploadFailed
)

// upload sends a request's body from its own goroutine while the response may
// already come in.
type upload struct {
	trip   *trip
	conn   *backendConn
	data   []byte // the body in memory, or
	stream io.ReadCloser
	length int64 // of stream; -1: in chunks

	mu    sync.Mutex
	state uploadState
	err   error // of the stream
	heir  bool  // the response is through: who sends last lets go of the connection
}

func startUpload(t *trip, m *message) *upload {
	u := &upload{trip: t, conn: t.conn, data: m.data, stream: m.stream, length: m.length}
	go u.run()
	return u
}

func (u *upload) run() {
	var err error
	switch {
	case u.stream == nil:
		err = u.writeLast(u.data)
	case u.length >= 0:
		err = u.sendSized()
	default:
		err = u.sendChunked()
	}
	if u.stream != nil {
		u.stream.Close()
	}
	u.settle(err)
}

func (u *upload) sendSized() error {
	buffer := uploadMemory.Get().(*[uploadBuffer]byte)
	defer uploadMemory.Put(buffer)
	for remaining := u.length; ; {
		n, err := u.stream.Read(buffer[:min(remaining, uploadBuffer)])
		if remaining -= int64(n); remaining == 0 {
			return u.writeLast(buffer[:n])
		}
		if err != nil {
			return u.streamFailed(early(err))
		}
		if err := u.write(buffer[:n]); err != nil {
			return err
		}
	}
}

// Room in the buffer for a chunk's size before its data and for what may follow
// behind it.
const (
	chunkHead = len("ffffffff\r\n")
	chunkTail = len("\r\n0\r\n\r\n")
)

func (u *upload) sendChunked() error {
	buffer := uploadMemory.Get().(*[uploadBuffer]byte)
	defer uploadMemory.Put(buffer)
	for {
		n, err := u.stream.Read(buffer[chunkHead : uploadBuffer-chunkTail])
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return u.streamFailed(err)
		}
		chunk := frameChunk(buffer[:], n)
		if end {
			return u.writeLast(append(chunk, "0\r\n\r\n"...))
		}
		if err := u.write(chunk); err != nil {
			return err
		}
	}
}

// frameChunk puts a chunk's size before, and its line end behind, the n bytes of
// data that stand in buffer from chunkHead on. No data is no chunk: an empty one
// would end the body.
func frameChunk(buffer []byte, n int) []byte {
	if n == 0 {
		return buffer[:0]
	}
	var digits [chunkHead]byte
	size := append(strconv.AppendInt(digits[:0], int64(n), 16), "\r\n"...)
	start := chunkHead - len(size)
	copy(buffer[start:], size)
	return append(buffer[start:chunkHead+n], "\r\n"...)
}

func (u *upload) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_, err := u.conn.Write(p)
	return err
}

func (u *upload) writeLast(p []byte) error {
	u.mu.Lock()
	u.state = lastWrite
	u.mu.Unlock()
	return u.write(p)
}

// streamFailed keeps the stream's error and breaks off the request, since the
// backend must not take what it got for the whole.
func (u *upload) streamFailed(err error) error {
	u.mu.Lock()
	u.err = err
	u.mu.Unlock()
	u.conn.Close()
	return err
}

// settle ends the upload. An error of the connection is not told: what the
// response's reader finds there says more.
func (u *upload) settle(err error) {
	u.mu.Lock()
	u.state = uploaded
	if err != nil {
		u.state = uploadFailed
	}
	heir := u.heir
	u.mu.Unlock()
	if heir {
		u.trip.release(err == nil)
	}
}

// leave is called when the response is through. It reports whether the request
// was sent whole; inherited means that the upload is about to write its last
// bytes and lets go of the connection then. In all other cases the caller does,
// and an unfinished upload finds the connection closed.
func (u *upload) leave(reusable bool) (sent, inherited bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.heir = reusable && u.state == lastWrite
	return u.state == uploaded, u.heir
}

// sourceError is the error of the request's stream, if that ended the upload.
func (u *upload) sourceError() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.err
}
