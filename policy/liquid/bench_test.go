package liquid

import (
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

const benchTemplate = `{
  "getProductsResponse": {
    "count": {{ body.results.size }},
    "requested": "{{ context.Variables["name"] }} {{ context.Request.MatchedParameters["orderId"] }}",
    "results": [
      {% JSONArrayFor item in body.results -%}
      {
        "id": {% if item.id %}{{item.id}}{% else %} null {% endif %},
        "name": {% if item.name %}"{{item.name | Replace: '\r', '\r' | Replace: '\n', '\n' | Replace: '([^\\](\\\\)*)"', '$1\"'}}"{% else %} null {% endif %},
        "upper": "{{ item.name | Upcase | Truncate: 12 }}"
      }
      {% endJSONArrayFor -%}
    ]
  }
}`

const benchBody = `{"results": [{"id": 1, "name": "one \"quoted\""}, {"id": 2, "name": "two"}, {"id": 3, "name": "three"}, {"id": 4}, {"id": 5, "name": "a rather long name"}]}`

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(benchTemplate)))
	for b.Loop() {
		if _, err := Parse(benchTemplate); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRender renders with a body that is read anew, as a request has it.
func BenchmarkRender(b *testing.B) { benchmarkRender(b, benchTemplate) }

// BenchmarkRenderVariables is the most frequent template: outputs of variables.
func BenchmarkRenderVariables(b *testing.B) {
	benchmarkRender(b, `<a>{{context.Variables["name"]}}</a><b>{{context.Variables["count"]}}</b><c>{{context.Request.MatchedParameters["orderId"]}}</c>`)
}

func benchmarkRender(b *testing.B, source string) {
	template, err := Parse(source)
	if err != nil {
		b.Fatal(err)
	}
	x := testExchange()
	x.Request.Header.Set("Content-Type", "application/json")
	x.Request.Body = exchange.BytesBody([]byte(benchBody))
	m := testMachine(x)
	b.ReportAllocs()
	for b.Loop() {
		m.Reset()
		if _, err := template.Render(m, ForMessage(x, &x.Request.Body, &x.Request.Header, BodyOptions{})); err != nil {
			b.Fatal(err)
		}
	}
}
