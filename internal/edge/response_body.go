package edge

import "io"

// Read reads the response's body. Its end frees the connection. A body that
// ends early is an error that wraps io.ErrUnexpectedEOF.
func (t *trip) Read(p []byte) (int, error) {
	if t.err != nil || len(p) == 0 {
		return 0, t.err
	}
	n, err := t.readBody(p)
	if err != nil {
		t.finish(err)
	}
	return n, t.err
}

func (t *trip) readBody(p []byte) (int, error) {
	switch t.framing.kind {
	case sized:
		if int64(len(p)) > t.remaining {
			p = p[:t.remaining]
		}
		n, err := t.conn.reader.Read(p)
		t.remaining -= int64(n)
		if t.remaining == 0 {
			return n, io.EOF
		}
		return n, early(err)
	case chunked:
		return t.chunks.Read(p)
	}
	return t.conn.reader.Read(p)
}

// Ready reports whether the next Read returns without waiting for the backend.
func (t *trip) Ready() bool {
	switch {
	case t.err != nil:
		return true
	case t.framing.kind == chunked:
		return t.chunks.ready()
	}
	return t.conn.reader.Buffered() > 0
}

// Close gives up what has not been read.
func (t *trip) Close() error {
	if t.err == nil {
		t.finish(errBodyClosed)
	}
	return nil
}

// finish ends the body with err, io.EOF if it is complete, and lets go of the
// connection.
func (t *trip) finish(err error) {
	complete := err == io.EOF
	if !complete && err != errBodyClosed {
		err = failure(t.ctx, t.receiveFailure(err, true))
	}
	t.err = err
	t.told(err)
	reusable := complete && t.framing.keepAlive
	if t.upload != nil {
		sent, inherited := t.upload.leave(reusable)
		if inherited {
			return
		}
		reusable = reusable && sent
	}
	t.release(reusable)
}

// told tells whoever listens that the body has ended.
func (t *trip) told(err error) {
	if t.call == nil {
		return
	}
	if t.chunks.trailers {
		t.call.Note("The response's trailers were dropped.")
	}
	if err == io.EOF || err == errBodyClosed {
		err = nil
	}
	t.call.End(err)
}

// release gives the connection back if it can carry another request, or closes
// it.
func (t *trip) release(reusable bool) {
	if !t.attached.Detach() {
		reusable = false
	}
	c := t.conn
	if reusable && c.reader.Buffered() == 0 {
		t.upstream.pool.put(c)
		return
	}
	c.Close()
}
