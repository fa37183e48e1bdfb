package content

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// actions are what to do about what does not fit: nothing, refuse, or tell.
var actions = []string{"ignore", "prevent", "detect"}

// action is the attribute of a statement that says what to do.
func action(name, doc string) policy.Attribute {
	return policy.Attribute{Name: name, Doc: doc, Type: policy.Enum, Values: actions, Required: true, Expression: true}
}

// override is the attribute of a child that says what to do instead.
func override(name, doc string) policy.Attribute {
	return policy.Attribute{Name: name, Doc: doc, Type: policy.Enum, Values: actions, Expression: true}
}

// errorsVariable is the attribute for the variable that gets what was found.
func errorsVariable() policy.Attribute {
	return policy.Attribute{Name: "errors-variable-name", Doc: "Variable that gets what was found.", Type: policy.String}
}

// exception is a child for which another action holds.
func exception(name, doc string, key policy.Attribute) policy.Child {
	return policy.Child{Element: policy.Element{Name: name, Doc: doc, Attributes: []policy.Attribute{
		key,
		{Name: "action", Doc: "What to do about it.", Type: policy.Enum, Values: actions, Required: true, ExpressionOpen: true},
	}}}
}

// named is the attribute that says what an exception is for.
func named(doc string) policy.Attribute {
	return policy.Attribute{Name: "name", Doc: doc, Type: policy.String, Required: true, ExpressionOpen: true}
}

// responseSections are those in which there is a response.
var responseSections = []exchange.Section{exchange.Outbound, exchange.OnError}
