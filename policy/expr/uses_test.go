package expr

import (
	"fmt"
	"strings"
	"testing"
)

func TestUses(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`@((string)context.Variables["a"])`, "a:System.String"},
		{`@(context.Variables["a"])`, "a"},
		{`@(context.Variables["a"].ToString())`, "a"},
		{`@(context.Variables.GetValueOrDefault<int>("a", 3))`, "a:System.Int32 optional"},
		{`@(context.Variables.ContainsKey("a") && (bool)context.Variables["a"])`, "a test guarded; a:System.Boolean guarded"},
		{`@(((IResponse)context.Variables["r"]).Body.As<JObject>())`, "r:IResponse; $r as Newtonsoft.Json.Linq.JObject"},
		{`@{ var r = (IResponse)context.Variables["r"]; return r.Body.As<string>(true); }`, "r:IResponse; $r as System.String preserved"},
		{`@(context.Request.Body.As<JObject>(preserveContent: true)["a"])`, "request as Newtonsoft.Json.Linq.JObject preserved; input 3"},
		{`@(context.Request.Body?.As<string>())`, "request as System.String; input 3"},
		{`@(context.Response.Body.As<string>())`, "response as System.String"},
		{`@(context.Request.Headers.GetValueOrDefault("X-A", ""))`, "input 0 X-A"},
		{`@(context.Request.Headers["X-A"][0])`, "input 0 X-A"},
		{`@(context.Request.Url.Query.GetValueOrDefault("q"))`, "input 1 q"},
		{`@(context.Request.Headers.GetValueOrDefault("Authorization", "").Split(' ').Last().AsJwt()?.Subject)`, "input 2; input 0 Authorization"},
		{`@(context.Request.IpAddress)`, "input 4"},
		{`@(string.Join(",", context.Variables.Keys))`, "all variables"},
		{`@(1 == 1)`, "always true"},
		{`@(context.Request.Method == "GET" || true)`, "always true"},
		{`@(context.Request.Method == "GET" && false)`, "always false"},
		{`@{ return "a" + "b"; }`, "always ab"},
		{`@(context.Request.Method == "GET")`, ""},
	} {
		e, diags := Compile(c.source, Options{})
		if len(diags) > 0 {
			t.Errorf("%s: %v", c.source, diags)
			continue
		}
		if got := describeUses(e.Uses()); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.source, got, c.want)
		}
	}
}

func describeUses(u Uses) string {
	var parts []string
	for _, v := range u.Variables {
		s := v.Name
		if v.Wanted != nil {
			s += ":" + v.Wanted.String()
		}
		for text, holds := range map[string]bool{" test": v.Test, " optional": v.Optional} {
			if holds {
				s += text
			}
		}
		if v.Guarded {
			s += " guarded"
		}
		parts = append(parts, s)
	}
	for _, b := range u.Bodies {
		s := b.Of + " as " + b.As.String()
		if b.Preserve {
			s += " preserved"
		}
		parts = append(parts, s)
	}
	for _, i := range u.Inputs {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("input %d %s", i.Kind, i.Name)))
	}
	if u.AllVariables {
		parts = append(parts, "all variables")
	}
	if u.Constant {
		parts = append(parts, fmt.Sprintf("always %v", u.Value))
	}
	return strings.Join(parts, "; ")
}

func TestMayHold(t *testing.T) {
	typ := func(source string) *Type {
		e, diags := Compile(source, Options{AnyType: true})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		return e.Type()
	}
	text, number, object, token := typ(`@("")`), typ(`@(1)`), typ(`@(new JObject())`), typ(`@(JToken.Parse("1"))`)
	for _, c := range []struct {
		to, value *Type
		want      bool
	}{
		{text, text, true}, {text, number, false}, {number, text, false}, {object, token, true}, {token, object, true},
		{object, text, false}, {text, nil, true}, {number, typ(`@(1L)`), false}, {typ(`@((int?)1)`), number, true},
	} {
		if got := c.to.MayHold(c.value); got != c.want {
			t.Errorf("a cast to %v of %v: got %v", c.to, c.value, got)
		}
	}
}
