package dotnet

// A number is a decimal number taken apart, on its way between a value and a
// text: 0.d1d2d3... × 10^scale.
type number struct {
	digits   []byte // '0' to '9', the first not '0'; none for zero
	scale    int
	negative bool
	kind     numberKind
}

// numberKind is the type that a number is of, where the rules differ.
type numberKind uint8

const (
	integerNumber numberKind = iota
	floatNumber              // a zero keeps its sign
	decimalNumber
)

// round keeps pos digits, the last one rounded half up, and takes trailing
// zeros off.
func (n *number) round(pos int) {
	keep := min(max(pos, 0), len(n.digits))
	up := pos >= 0 && pos < len(n.digits) && n.digits[pos] >= '5'
	n.digits = n.digits[:keep]
	if up {
		for len(n.digits) > 0 && n.digits[len(n.digits)-1] == '9' {
			n.digits = n.digits[:len(n.digits)-1]
		}
		if len(n.digits) > 0 {
			n.digits[len(n.digits)-1]++
		} else {
			n.digits = append(n.digits, '1')
			n.scale++
		}
	}
	for len(n.digits) > 0 && n.digits[len(n.digits)-1] == '0' {
		n.digits = n.digits[:len(n.digits)-1]
	}
	if len(n.digits) == 0 {
		n.becomeZero()
	}
}

func (n *number) becomeZero() {
	n.scale = 0
	if n.kind != floatNumber {
		n.negative = false
	}
}

// digit is the i-th digit, counted from 0; '0' outside.
func (n *number) digit(i int) byte {
	if i >= 0 && i < len(n.digits) {
		return n.digits[i]
	}
	return '0'
}
