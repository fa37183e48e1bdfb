package dotnet

// isoTime reads what follows the T of ISO 8601, where a year and two numbers came
// before it: hh:mm, two digits each, perhaps seconds with a fraction, perhaps a
// zone, and nothing more. The day of the week is not checked then.
func (p *dateParser) isoTime() bool {
	s := &p.scanner
	p.year, p.month, p.day, p.dayOfWeek = p.yearRead, p.numbers[0], p.numbers[1], absent
	p.isoComplete = true
	var ok bool
	if p.hour, ok = s.twoDigits(); !ok {
		return false
	}
	if s.skipWhite(); !s.match(":") {
		return false
	}
	if p.minute, ok = s.twoDigits(); !ok {
		return false
	}
	if s.skipWhite(); s.match(":") {
		if p.second, ok = s.twoDigits(); !ok {
			return false
		}
		if s.match(".") {
			if p.fraction, ok = s.fraction(); !ok {
				return false
			}
		}
	}
	return p.isoZone()
}

func (p *dateParser) isoZone() bool {
	s := &p.scanner
	s.skipWhite()
	switch {
	case s.pos == len(s.text):
		return true
	case s.match("Z"), s.match("z"):
		p.zoned, p.zonedUtc, p.offset = true, true, 0
	default:
		offset, ok := s.zoneOffset()
		if !ok {
			return false
		}
		p.zoned, p.zonedUtc, p.offset = true, false, offset
		if s.pos < len(s.text) { // .NET passes over one character here
			s.pos++
		}
	}
	s.skipWhite()
	return s.pos == len(s.text)
}

// twoDigits takes exactly two digits after white space.
func (s *dateScanner) twoDigits() (v int, ok bool) {
	s.skipWhite()
	return s.digits(2, 2)
}
