package tokencount

import (
	"fmt"
	"iter"
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	loader "github.com/pkoukk/tiktoken-go-loader"
)

// An Encoding is one of OpenAI's ways to cut text into tokens. Its methods may
// be called from several goroutines.
type Encoding struct {
	name  string
	table func() *table
	texts func() map[int]string // a token's number -> its bytes
}

// table is what an encoding needs to run.
type table struct {
	pattern *regexp2.Regexp
	ranks   map[string]int // a token's bytes -> its number, which is its rank in merging
}

var (
	// O200kBase is the encoding of gpt-4o, gpt-4.1, the o-series and gpt-5.
	O200kBase = newEncoding("o200k_base", o200kPattern)
	// CL100kBase is the encoding of gpt-4, gpt-3.5 and text-embedding-*.
	CL100kBase = newEncoding("cl100k_base", cl100kPattern)
)

// newEncoding panics at first use if the vocabulary in the binary is damaged.
func newEncoding(name, pattern string) *Encoding {
	e := &Encoding{name: name, table: sync.OnceValue(func() *table {
		ranks, err := loader.NewOfflineLoader().LoadTiktokenBpe(name + ".tiktoken")
		if err != nil {
			panic(fmt.Sprintf("tokencount: the vocabulary of %s in the binary is unreadable: %v", name, err))
		}
		t := &table{pattern: regexp2.MustCompile(pattern, regexp2.None), ranks: ranks}
		t.pattern.MatchTimeout = math.MaxInt64 // none, whatever the package's default is made
		return t
	})}
	e.texts = sync.OnceValue(func() map[int]string {
		ranks := e.table().ranks
		texts := make(map[int]string, len(ranks))
		for text, number := range ranks {
			texts[number] = text
		}
		return texts
	})
	return e
}

// ForModel is the encoding of a model, named as in an answer ("gpt-4o-2024-08-06")
// or as in a deployment ("gpt-35-turbo"). A model it does not know gets
// [O200kBase], which every model since gpt-4o uses (azure-openai.md 3.3).
func ForModel(model string) *Encoding {
	model = strings.ToLower(model)
	for _, prefix := range []string{"gpt-4-", "gpt-35", "gpt-3.5", "text-embedding-"} {
		if strings.HasPrefix(model, prefix) {
			return CL100kBase
		}
	}
	if model == "gpt-4" {
		return CL100kBase
	}
	return O200kBase
}

// String is the encoding's name, such as "o200k_base".
func (e *Encoding) String() string { return e.name }

// Count is the number of tokens in s. Text that spells a special token
// ("<|endoftext|>") counts as ordinary text. A byte that is not UTF-8 counts as
// U+FFFD, which is what a JSON reader makes of it.
func (e *Encoding) Count(s string) int {
	n := 0
	for range e.Tokens(s) {
		n++
	}
	return n
}

// Tokens yields the tokens of s in order; joined they are s again. A token may
// end within a character.
func (e *Encoding) Tokens(s string) iter.Seq[string] {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return func(yield func(string) bool) {
		if s == "" {
			return // without loading the vocabulary
		}
		t := e.table()
		var m merger
		for piece := range pieces(t.pattern, s) {
			if !m.tokens(t.ranks, piece, yield) {
				return
			}
		}
	}
}

// Decode is the text of tokens given by their numbers. A number that the encoding does not
// have is an error; bytes that are no UTF-8 become U+FFFD. Its first use takes as much
// memory again as the vocabulary's own.
func (e *Encoding) Decode(numbers []int) (string, error) {
	texts := e.texts()
	var b strings.Builder
	for _, number := range numbers {
		text, ok := texts[number]
		if !ok {
			return "", fmt.Errorf("%s has no token %d", e.name, number)
		}
		b.WriteString(text)
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD"), nil
}
