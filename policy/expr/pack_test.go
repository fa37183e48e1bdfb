package expr

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// packable are expressions whose values come back as they were.
var packable = []string{
	`@((object)null)`, `@("")`, `@("a\nü𝄞")`, `@(true)`, `@(false)`, `@(1)`, `@(-5)`, `@(5000000000L)`, `@(1.5)`, `@(double.NaN)`, `@(1.50m)`, `@(-0.5m)`,
	`@(decimal.MaxValue)`, `@('x')`, `@((sbyte)-3)`, `@((byte)200)`, `@((short)-300)`, `@((ushort)65535)`, `@(4000000000U)`, `@(ulong.MaxValue)`, `@(1.5f)`,
	`@(new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc))`, `@(new DateTime(2030, 1, 2))`, `@(DateTime.MaxValue)`,
	`@(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(-5)))`, `@(TimeSpan.FromSeconds(-1.5))`, `@(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"))`,
	`@(Convert.FromBase64String("AAEC/w=="))`, `@(new byte[0])`, `@(new[] { "a", null })`, `@(new int[] { 1, 2 })`, `@(new object[] { 1, "a", null, new[] { 1.5 } })`,
	`@(new List<string> { "a", "b" })`, `@(new List<List<int>> { new List<int> { 1 }, null })`, `@(new Dictionary<string, object> { { "a", 1 }, { "b", new JArray(1) } })`,
	`@(new Dictionary<string, string[]> { { "a", new[] { "x" } } })`, `@(new HashSet<int> { 3, 1 })`, `@(StringComparison.Ordinal)`,
	`@(JObject.Parse("{\"a\": [1, 2.50, \"x\", null, true, {\"b\": []}], \"d\": \"2030-01-02T03:04:05Z\"}"))`, `@(new JArray(1, 1.5m, "a", new JObject()))`,
	`@(new JObject(new JProperty("t", TimeSpan.FromSeconds(1)), new JProperty("g", Guid.Empty), new JProperty("b", Convert.FromBase64String("AQI="))))`,
	`@(new JValue((string)null))`, `@(JValue.CreateString(null))`, `@(JToken.Parse("12345678901234567890123"))`, `@(new JProperty("a", 1))`,
	`@(XElement.Parse("<a xmlns='urn:x'><b c='1'/>t</a>"))`, `@(XDocument.Parse("<a><!--x--><b/></a>"))`,
}

func value(t testing.TB, source string) (any, *Machine) {
	t.Helper()
	x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
	m := &Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: NewContext(x)}
	e, mistakes := Compile(source, Options{})
	if mistakes != nil {
		t.Fatalf("%s: %v", source, mistakes)
	}
	v, err := e.Eval(m)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return v, m
}

func TestPack(t *testing.T) {
	for _, source := range packable {
		v, m := value(t, source)
		packed, err := m.Pack(v)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		back, err := m.Unpack(packed)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if DynamicType(back) != DynamicType(v) {
			t.Errorf("%s came back as %s", source, DynamicType(back))
		}
		want, _ := m.Text(v)
		if got, err := m.Text(back); got != want || err != nil {
			t.Errorf("%s: got %q, want %q (%v)", source, got, want, err)
		}
		if again, err := m.Pack(back); err != nil || !bytes.Equal(again, packed) {
			t.Errorf("%s: packed again it differs: %x and %x (%v)", source, again, packed, err)
		}
	}
}

// What has been packed can't be changed any more.
func TestPackCopies(t *testing.T) {
	v, m := value(t, `@(new Dictionary<string, JObject> { { "a", new JObject(new JProperty("b", 1)) } })`)
	packed, err := m.Pack(v)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := m.Unpack(packed)
	if _, err := first.(*DictionaryObject).table.drop(m, "a"); err != nil {
		t.Fatal(err)
	}
	second, _ := m.Unpack(packed)
	if n := second.(*DictionaryObject).Len(); n != 1 {
		t.Errorf("a change of what was unpacked reached what is kept: %d elements", n)
	}
}

func TestPackRefuses(t *testing.T) {
	for source, want := range map[string]string{
		`@(context.Request)`: "IRequest", `@(new Regex("a"))`: "System.Text.RegularExpressions.Regex", `@(new { a = 1 })`: "<anonymous>",
		`@((1, "a"))`: "System.ValueTuple", `@(new StringBuilder())`: "System.Text.StringBuilder", `@(new object[] { new Random() })`: "System.Random",
		`@(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase))`: "System.Collections.Generic.Dictionary",
		`@(new int[1, 1])`: "System.Int32[,]", `@(new[] { 1 }.Select(i => i))`: "",
	} {
		v, m := value(t, source)
		_, err := m.Pack(v)
		if refused, ok := errors.AsType[*PackError](err); !ok || !strings.HasPrefix(refused.Type, want) {
			t.Errorf("%s: %v; want one of %s", source, err, want)
		}
	}
	v, m := value(t, `@{ var l = new List<object>(); l.Add(l); return l; }`)
	if _, err := m.Pack(v); err == nil || !strings.Contains(err.Error(), "deeply") {
		t.Errorf("a list that holds itself: %v", err)
	}
}

// Any bytes are a value or an error.
func FuzzUnpack(f *testing.F) {
	for _, source := range packable {
		v, m := value(f, source)
		packed, err := m.Pack(v)
		if err != nil {
			f.Fatalf("%s: %v", source, err)
		}
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &Machine{Context: context.Background(), Clock: exchange.System}
		v, err := m.Unpack(data)
		if err != nil {
			return
		}
		packed, err := m.Pack(v)
		if err != nil {
			return // deeper than packing goes
		}
		if _, err := m.Unpack(packed); err != nil {
			t.Errorf("%x, packed again: %x: %v", data, packed, err)
		}
	})
}

func BenchmarkPackText(b *testing.B) {
	m := &Machine{}
	b.ReportAllocs()
	for b.Loop() {
		packed, _ := m.Pack("a token of some length that is kept")
		_, _ = m.Unpack(packed)
	}
}
