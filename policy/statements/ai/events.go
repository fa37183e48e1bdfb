package ai

import "bytes"

// events takes a stream of server-sent events apart as its bytes come, in pieces of any
// size, and gives the data of each event to f. Lines end as the standard has it: by LF, CR
// or both.
type events struct {
	f     func(data []byte)
	line  []byte
	data  []byte
	some  bool // data has lines
	afCR  bool // the last byte was a CR
	large bool // the line or the event is too large, and left out
}

// largestEvent is the most bytes of one event; a larger one is left out.
const largestEvent = 4 << 20

// Write takes the bytes that came.
func (e *events) Write(p []byte) {
	for len(p) > 0 {
		if e.afCR {
			e.afCR = false
			if p[0] == '\n' {
				p = p[1:]
				continue
			}
		}
		i := bytes.IndexAny(p, "\r\n")
		if i < 0 {
			e.append(p)
			return
		}
		e.append(p[:i])
		e.afCR = p[i] == '\r'
		e.endLine()
		p = p[i+1:]
	}
}

// Close takes an event that nothing ended, as in a stream that broke off.
func (e *events) Close() {
	e.endLine()
	e.endEvent()
}

func (e *events) append(p []byte) {
	if len(e.line)+len(e.data)+len(p) > largestEvent {
		e.large = true
	}
	if !e.large {
		e.line = append(e.line, p...)
	}
}

func (e *events) endLine() {
	line := e.line
	e.line = e.line[:0]
	if len(line) == 0 {
		e.endEvent()
		return
	}
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	if !ok {
		return
	}
	data = bytes.TrimPrefix(data, []byte(" "))
	if e.some {
		e.data = append(e.data, '\n')
	}
	e.data = append(e.data, data...)
	e.some = true
}

func (e *events) endEvent() {
	if e.some && !e.large {
		e.f(e.data)
	}
	e.data, e.some, e.large = e.data[:0], false, false
}
