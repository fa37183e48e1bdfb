package otlp

import "encoding/binary"

// What a collector answers is a message of one or two fields, which are looked for one by one.

// bytesIn, textIn and numberIn are a field of a message. Without it, and of a message that
// can't be read as far as that, they are nothing.
func bytesIn(message []byte, f field) []byte {
	content, _ := fieldIn(message, f, asBytes)
	return content
}

func textIn(message []byte, f field) string { return string(bytesIn(message, f)) }

func numberIn(message []byte, f field) int64 {
	_, n := fieldIn(message, f, asVarint)
	return int64(n)
}

// fieldIn is what the first field of that number and type has.
func fieldIn(message []byte, f field, wireType uint64) (content []byte, number uint64) {
	for len(message) > 0 {
		head, n := binary.Uvarint(message)
		if n <= 0 {
			return nil, 0
		}
		message = message[n:]
		length := uint64(0)
		switch head & 7 {
		case asVarint:
			if number, n = binary.Uvarint(message); n <= 0 {
				return nil, 0
			}
			length = uint64(n)
		case asFixed64:
			length = 8
		case asFixed32:
			length = 4
		case asBytes:
			if length, n = binary.Uvarint(message); n <= 0 {
				return nil, 0
			}
			message = message[n:]
		default: // a group, which nobody sends any more
			return nil, 0
		}
		if length > uint64(len(message)) {
			return nil, 0
		}
		if head == uint64(f)<<3|wireType {
			return message[:length], number
		}
		message = message[length:]
	}
	return nil, 0
}
