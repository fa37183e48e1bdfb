package dotnet

import "strings"

// numberPart goes on with a number, which is part of a date or a time as what
// follows it tells.
func (p *dateParser) numberPart(isYear bool) (more, ok bool) {
	value := p.scanner.value
	if isYear {
		if p.yearRead != absent || p.colons > 0 {
			return false, false
		}
		p.yearRead, p.withYear = value, true
		return p.datePart(false)
	}
	if len(p.numbers) == 3 {
		return false, false
	}
	if p.colons > 0 {
		p.numbers = append(p.numbers, value)
		return p.timePart()
	}
	before := p.scanner.pos
	separator := p.scanner.separator()
	switch separator {
	case separatorT:
		p.numbers = append(p.numbers, value)
		return false, p.withYear && !p.withMonth && p.parts == 2 && p.isoTime()
	case separatorTime:
		// After a month and a day .NET reads the day as the hour and forgets the
		// month. After two numbers it reads on but takes no fourth.
		monthAndDay := p.parts == 2 && p.withMonth && !p.withYear && !p.slash
		twoNumbers := p.parts == 2 && !p.withMonth && !p.withYear && !p.slashes
		if p.parts > 0 && !monthAndDay && !twoNumbers {
			return false, false
		}
		p.numbers = append(p.numbers, value)
		p.parts, p.withMonth, p.colons = 0, false, 1
		return true, true
	case separatorHalf:
		return p.numberBeforeHalf(value)
	}
	p.scanner.pos = before
	p.numbers = append(p.numbers, value)
	return p.datePart(true)
}

// numberBeforeHalf goes on with a number before AM or PM: an hour, or the last
// part of a date. Before a second AM or PM a number is passed over.
func (p *dateParser) numberBeforeHalf(value int) (more, ok bool) {
	if !p.setHalf() {
		return true, true
	}
	onlyNumbers := !p.withYear && !p.withMonth
	hour := p.parts == 0
	if p.parts == 2 && onlyNumbers && !p.slash {
		// Two numbers with a slash are a date, and this is the hour. Without one
		// .NET takes the first number as the hour and forgets the others.
		hour = true
		if p.slashes && !p.completeDate() {
			return false, false
		}
	}
	p.numbers = append(p.numbers, value)
	switch {
	case hour:
		p.parts = 0
		return true, p.completeTime()
	case p.parts == 2 && (onlyNumbers || p.withYear || !p.slash):
		p.parts++
		return true, p.completeDate()
	}
	return false, false
}

func (p *dateParser) monthPart() (more, ok bool) {
	if p.monthRead != absent || p.colons > 1 || p.colons == 1 && len(p.numbers) > 1 {
		return false, false
	}
	wasTime := p.colons == 1
	if wasTime { // "7: June" is of a date after all
		p.colons, p.parts = 0, 1
	}
	p.monthRead, p.withMonth, p.monthFirst = p.scanner.value+1, true, len(p.numbers) == 0
	more, ok = p.datePart(true)
	return more, ok && !(wasTime && p.slash)
}

// datePart counts a part of a date by what follows it.
func (p *dateParser) datePart(noHalf bool) (more, ok bool) {
	p.parts++
	before := p.scanner.pos
	separator := p.scanner.separator()
	switch separator {
	case separatorDash:
		if p.parts == 3 { // the sign of an offset
			p.scanner.pos = before
			return true, p.completeDate()
		}
		p.slash, p.slashes = true, true
		return true, true
	case separatorDate:
		p.slash, p.slashes = true, true
		return true, p.parts < 3
	case separatorHalf:
		if noHalf {
			return false, false
		}
		if !p.setHalf() { // the year is passed over
			p.parts--
			p.withYear = false
			return true, true
		}
	case separatorTime, separatorT:
		return false, false
	case separatorEnd:
		return false, p.parts > 1 && p.completeDate()
	}
	p.slash = false
	return true, p.parts < 3 || p.completeDate()
}

// timePart goes on after the second or third number of a time.
func (p *dateParser) timePart() (more, ok bool) {
	if p.colons == 2 && strings.HasPrefix(p.scanner.rest(), ".") {
		p.scanner.pos++
		if fraction, ok := p.scanner.fraction(); ok {
			p.fraction = fraction
		}
	}
	if !p.offsetAfterTime() {
		return false, false
	}
	before := p.scanner.pos
	switch p.scanner.separator() {
	case separatorTime:
		p.colons++
		return true, p.colons == 2
	case separatorHalf:
		if !p.setHalf() { // the number is passed over
			p.numbers = p.numbers[:len(p.numbers)-1]
			return true, p.offsetAfterTime()
		}
		return true, p.offsetAfterTime() && p.completeTime()
	case separatorDate, separatorT:
		return false, false
	case separatorDash:
		p.scanner.pos = before
	case separatorEnd:
		return false, p.completeTime()
	}
	return true, p.completeTime()
}

// offsetAfterTime reads an offset if one follows; a sign alone at the end of the
// text is left for the next token.
func (p *dateParser) offsetAfterTime() bool {
	rest := strings.TrimLeftFunc(p.scanner.rest(), IsWhiteSpace)
	if len(rest) < 2 || rest[0] != '+' && rest[0] != '-' {
		return true
	}
	p.scanner.skipWhite()
	return p.readOffset()
}

// completeTime takes the numbers read as hour, minute and second.
func (p *dateParser) completeTime() bool {
	if p.haveTime {
		return false
	}
	p.haveTime = true
	p.minute, p.second = 0, 0
	for i, field := range []*int{&p.hour, &p.minute, &p.second}[:min(len(p.numbers), p.colons+1)] {
		*field = p.numbers[i]
	}
	p.numbers, p.colons = nil, 0
	return true
}

// applyHalf makes an hour of AM or PM one of 24.
func (p *dateParser) applyHalf() bool {
	hour := orElse(p.hour, 0)
	switch {
	case p.half == 0 && hour > 12, p.half == 1 && hour > 23:
		return false
	case p.half == 0 && hour == 12:
		p.hour = 0
	case p.half == 1 && hour < 12:
		p.hour = hour + 12
	}
	return true
}

// completeDate gives the numbers read their meaning: month, day and year in this
// order, as far as no name and no long number says otherwise.
func (p *dateParser) completeDate() bool {
	if p.haveDate {
		return false
	}
	p.haveDate = true
	n := p.numbers
	p.numbers, p.parts, p.slash, p.slashes = nil, 0, false, false
	withYear, withMonth := p.withYear, p.withMonth
	p.withYear, p.withMonth = false, false
	switch {
	case withYear && withMonth:
		n = append(n, 1)
		return p.setDate(p.yearRead, p.monthRead, n[0])
	case withYear:
		n = append(n, 1)
		return p.setDate(p.yearRead, n[0], n[1])
	case withMonth && len(n) == 2:
		return p.setDate(fourDigitYear(n[1]), p.monthRead, n[0]) || p.setDate(fourDigitYear(n[0]), p.monthRead, n[1])
	case withMonth && p.monthFirst:
		p.yearDefaulted = true
		return p.setDate(int(p.now().Year()), p.monthRead, n[0])
	case withMonth:
		return p.setDate(fourDigitYear(n[0]), p.monthRead, 1)
	case len(n) == 3:
		return p.setDate(fourDigitYear(n[2]), n[0], n[1])
	}
	p.yearDefaulted = true
	return p.setDate(int(p.now().Year()), n[0], n[1])
}

func (p *dateParser) setDate(year, month, day int) bool {
	if !isDay(year, month, day) {
		return false
	}
	p.year, p.month, p.day = year, month, day
	return true
}
