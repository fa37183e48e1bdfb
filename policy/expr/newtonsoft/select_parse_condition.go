package newtonsoft

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// query reads ?(condition) up to the closing bracket.
func (r *pathReader) query(closing byte, scan bool) (pathFilter, error) {
	if r.depth++; r.depth > maxQueryDepth {
		return nil, jsonException("The conditions of the path are nested too deep.")
	}
	defer func() { r.depth-- }()
	r.at++
	if err := r.ensure(errOpenIndexer); err != nil {
		return nil, err
	}
	if r.text[r.at] != '(' {
		return nil, r.unexpected("indexer")
	}
	r.at++
	c, err := r.condition()
	if err != nil {
		return nil, err
	}
	r.at++
	if err := r.ensure(errOpenIndexer); err != nil {
		return nil, err
	}
	r.space()
	if r.end() || r.text[r.at] != closing {
		return nil, r.unexpected("indexer")
	}
	if scan {
		return conditionScanFilter{conditionFilter{c}}, nil
	}
	return conditionFilter{c}, nil
}

// condition reads up to the closing parenthesis: comparisons joined by && and ||.
// Each change from one to the other begins a group inside the one before, so that
// neither binds closer; that is how version 12 reads them.
func (r *pathReader) condition() (condition, error) {
	var root, group *combined
	for !r.end() {
		c, err := r.comparison()
		if err != nil {
			return nil, err
		}
		switch r.text[r.at] {
		case ')':
			if group == nil {
				return c, nil
			}
			group.parts = append(group.parts, c)
			return root, nil
		case '&', '|':
			join := strings.Repeat(r.text[r.at:r.at+1], 2)
			if !r.match(join) {
				return nil, r.unexpected("query")
			}
			if anyOf := join == "||"; group == nil || group.any != anyOf {
				inner := &combined{any: anyOf}
				if group != nil {
					group.parts = append(group.parts, inner)
				} else {
					root = inner
				}
				group = inner
			}
			group.parts = append(group.parts, c)
		}
	}
	return nil, jsonException(errOpenQuery)
}

func (r *pathReader) comparison() (condition, error) {
	left, err := r.operand()
	if err != nil {
		return nil, err
	}
	if strings.IndexByte(")|&", r.text[r.at]) >= 0 {
		return &comparison{left: left}, nil
	}
	operator, err := r.operator()
	if err != nil {
		return nil, err
	}
	right, err := r.operand()
	return &comparison{operator, left, right}, err
}

func (r *pathReader) match(text string) bool {
	if strings.HasPrefix(r.text[r.at:], text) {
		r.at += len(text)
		return true
	}
	return false
}

var pathOperators = []string{"===", "==", "=~", "!==", "!=", "<>", "<=", "<", ">=", ">"}

func (r *pathReader) operator() (string, error) {
	if r.at+1 >= len(r.text) {
		return "", jsonException(errOpenQuery)
	}
	for _, op := range pathOperators {
		if r.match(op) {
			if op == "<>" {
				op = "!="
			}
			return op, nil
		}
	}
	return "", jsonException("Could not read query operator.")
}

// operand reads one side of a comparison, and the space after it; something comes
// after that.
func (r *pathReader) operand() (operand, error) {
	r.space()
	if r.end() {
		return operand{}, dotnet.IndexOutOfRange()
	}
	o, err := r.side()
	if err != nil {
		return operand{}, err
	}
	r.space()
	return o, r.ensure(errOpenQuery)
}

func (r *pathReader) side() (operand, error) {
	switch c := r.text[r.at]; {
	case c == '$' || c == '@':
		r.at++
		filters, atEnd, err := r.steps(r.at, true)
		if err == nil && atEnd {
			err = jsonException(errOpenQuery)
		}
		if c == '$' {
			filters = append([]pathFilter{rootFilter{}}, filters...)
		}
		return operand{filters: filters}, err
	case c == '\'':
		s, err := r.quoted()
		return operand{value: NewValue(s)}, err
	case c == '/':
		s, err := r.regex()
		return operand{value: NewValue(s)}, err
	case c == '-' || c >= '0' && c <= '9':
		return r.numberOperand()
	case r.match("true"):
		return operand{value: NewValue(true)}, nil
	case r.match("false"):
		return operand{value: NewValue(false)}, nil
	case r.match("null"):
		return operand{value: Null()}, nil
	}
	return operand{}, r.unexpected("query")
}

func (r *pathReader) numberOperand() (operand, error) {
	start := r.at
	for !r.end() && r.text[r.at] != ' ' && r.text[r.at] != ')' {
		r.at++
	}
	if r.end() {
		return operand{}, dotnet.IndexOutOfRange()
	}
	text := r.text[start:r.at]
	if strings.ContainsAny(text, ".eE") {
		f, err := dotnet.ParseDouble(text, floatStyle|allowThousands)
		if err != nil {
			return operand{}, r.unexpected("query")
		}
		return operand{value: NewValue(f)}, nil
	}
	n, err := dotnet.ParseInteger[int64](text, integerStyle)
	if err != nil {
		return operand{}, r.unexpected("query")
	}
	return operand{value: NewValue(n)}, nil
}

// allowThousands is NumberStyles.AllowThousands.
const allowThousands dotnet.NumberStyles = 0x40

// regex reads /pattern/options, which stays one text.
func (r *pathReader) regex() (string, error) {
	start := r.at
	for r.at++; !r.end(); r.at++ {
		switch {
		case r.text[r.at] == '\\' && r.at+1 < len(r.text):
			r.at++
		case r.text[r.at] == '/':
			r.at++
			letters := &reader{text: r.text, at: r.at}
			for !letters.end() && letters.letterOrDigit() > 0 && !isDigitByte(r.text[letters.at]) {
				letters.at += letters.letterOrDigit()
			}
			r.at = letters.at
			return r.text[start:r.at], nil
		}
	}
	return "", jsonException("Path ended with an open regex.")
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }
