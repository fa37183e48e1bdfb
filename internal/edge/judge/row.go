package judge

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// A Row is one conversation of the table.
type Row struct {
	Name string

	file  string
	steps []step
}

// step is one thing that happens. Its words are those of the row.
type step struct {
	line  int    // of the row, from 1 on
	verb  string // "C>", "C<", "B>", "B<", "C<status", "C<cut" or a whole line such as "C: open"
	bytes []byte // of the first four
	end   ending // of C< and B<
	// statuses are what C<status and C<cut take, each with any body; 0 is no response.
	statuses []int
}

// ending is how an expected message ends.
type ending uint8

const (
	whole ending = iota
	goesOn
	cutOff
)

// Rows reads the rows of a folder's *.txtar files. Names are unique.
func Rows(folder string) ([]*Row, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no rows in %s (%v)", folder, err)
	}
	var rows []*Row
	seen := make(map[string]string)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		for _, part := range archive.Files {
			row := &Row{Name: part.Name, file: file}
			if row.steps, err = parse(string(part.Data)); err != nil {
				return nil, fmt.Errorf("%s: row %s: %w", file, part.Name, err)
			}
			if other, taken := seen[row.Name]; taken {
				return nil, fmt.Errorf("%s: row %s is in %s too", file, row.Name, other)
			}
			seen[row.Name] = file
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// Sent is all that the row's client sends.
func (r *Row) Sent() []byte {
	var sent []byte
	for _, s := range r.steps {
		if s.verb == "C>" {
			sent = append(sent, s.bytes...)
		}
	}
	return sent
}

// deeds are the lines without a message.
var deeds = []string{"C: slowly", "C: half-closes", "C: vanishes", "C: closed", "C: open",
	"B: closes", "B: resets", "B: closed", "B: opened", "B: reused"}

// verdicts are those of them with which a row can end.
var verdicts = []string{"C: closed", "C: open", "B: closed"}

func parse(text string) ([]step, error) {
	first, rest, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(first, "# RFC 9110 ") && !strings.HasPrefix(first, "# RFC 9112 ") {
		return nil, fmt.Errorf("it begins with %q, not with a comment that names RFC 9110 or RFC 9112 and the section", first)
	}
	var steps []step
	number, apart := 1, true
	for line := range strings.Lines(rest) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			apart = true
			continue
		}
		var err error
		if steps, err = appendLine(steps, line, number, apart); err != nil {
			return nil, fmt.Errorf("line %d, %q: %w", number, line, err)
		}
		apart = false
	}
	if len(steps) == 0 || !slices.Contains(verdicts, steps[len(steps)-1].verb) {
		return nil, fmt.Errorf("it ends without a verdict on a connection")
	}
	return steps, nil
}

// appendLine appends what a line says, or adds it to the message before it.
func appendLine(steps []step, line string, number int, apart bool) ([]step, error) {
	if slices.Contains(deeds, line) {
		return append(steps, step{line: number, verb: line}), nil
	}
	if len(line) < 2 || line[1] != '>' && line[1] != '<' || line[0] != 'C' && line[0] != 'B' {
		return appendVerdict(steps, line, number)
	}
	verb := line[:2]
	data, end, err := unescape(strings.TrimPrefix(line[2:], " "))
	if err != nil {
		return nil, err
	}
	if end != whole && verb[1] == '>' {
		return nil, fmt.Errorf(`\+ and \! are for what comes, not for what is sent`)
	}
	last := len(steps) - 1
	if last < 0 || apart || steps[last].verb != verb || steps[last].end != whole {
		return append(steps, step{line: number, verb: verb, bytes: data, end: end}), nil
	}
	steps[last].bytes, steps[last].end = append(steps[last].bytes, data...), end
	return steps, nil
}

var shortVerdict = regexp.MustCompile(`^(?:(answered|failed), (open|closed)|refused ((?:[0-9]{3}|nothing)(?:\|[0-9]{3})*)(?:, (open|cut off))?)$`)

// appendVerdict appends the steps that a verdict such as "answered, open" is short
// for.
func appendVerdict(steps []step, line string, number int) ([]step, error) {
	m := shortVerdict.FindStringSubmatch(line)
	if m == nil {
		return nil, fmt.Errorf("it says nothing that the judge knows")
	}
	connection := "C: closed"
	if m[2] == "open" || m[4] == "open" {
		connection = "C: open"
	}
	switch m[1] {
	case "answered":
		noContent := []byte("HTTP/1.1 204 No Content\r\n\r\n")
		steps = append(steps, step{line: number, verb: "B>", bytes: noContent}, step{line: number, verb: "C<", bytes: noContent})
	case "failed":
		steps = append(steps, step{line: number, verb: "C<status", statuses: []int{500}})
	default:
		s := step{line: number, verb: "C<status"}
		if m[4] == "cut off" {
			s.verb = "C<cut"
		}
		for text := range strings.SplitSeq(m[3], "|") {
			status, _ := strconv.Atoi(text) // 0 for nothing
			s.statuses = append(s.statuses, status)
		}
		steps = append(steps, s)
	}
	return append(steps, step{line: number, verb: connection}), nil
}

// unescape gives the bytes that a line stands for.
func unescape(line string) (b []byte, end ending, err error) {
	text, after := line, "\r\n"
	switch {
	case strings.HasSuffix(line, `\+`):
		text, after, end = line[:len(line)-2], "", goesOn
	case strings.HasSuffix(line, `\!`):
		text, after, end = line[:len(line)-2], "", cutOff
	case strings.HasSuffix(line, `\`) && !strings.HasSuffix(line, `\\`):
		text, after = line[:len(line)-1], ""
	}
	for text != "" {
		before, escaped, found := strings.Cut(text, `\`)
		b, text = append(b, before...), ""
		if found {
			var piece []byte
			if piece, text, err = unescapeOne(escaped); err != nil {
				return nil, whole, err
			}
			b = append(b, piece...)
		}
	}
	return append(b, after...), end, nil
}

// unescapeOne reads what stands behind a backslash.
func unescapeOne(text string) (piece []byte, rest string, err error) {
	if inside, ok := strings.CutPrefix(text, "{"); ok {
		inside, rest, _ = strings.Cut(inside, "}")
		star := strings.LastIndexByte(inside, '*')
		n, err := strconv.Atoi(inside[star+1:])
		if err != nil || star < 1 {
			return nil, "", fmt.Errorf(`\{%s} is not of the form \{text*number}`, inside)
		}
		repeated, _, err := unescape(inside[:star] + `\`)
		return bytes.Repeat(repeated, n), rest, err
	}
	value, multibyte, rest, err := strconv.UnquoteChar(`\`+text, 0)
	if err != nil || multibyte {
		return nil, "", fmt.Errorf(`\%.1s is no escape of this table`, text)
	}
	return []byte{byte(value)}, rest, nil
}
