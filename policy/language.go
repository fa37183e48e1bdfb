package policy

// The statements that belong to the language itself: they are not steps of their
// own but say where other statements come from.

const (
	baseName        = "base"
	includeFragment = "include-fragment"
	fragmentID      = "fragment-id"
	policiesRoot    = "policies"
	fragmentRoot    = "fragment"
	// setBody is the one element whose content may be markup.
	setBody = "set-body"
	// A template is what set-body and its like make a body of.
	templateAttribute, liquidTemplate = "template", "liquid"
)

func baseDefinition() *Definition {
	return &Definition{
		Element:  Element{Name: baseName, Doc: "The same section of the next wider scope runs here."},
		Category: "flow",
		Sections: AnySection,
		Compile: func(*Node) (Step, error) {
			return StepFunc(func(r *Run) error { return r.base() }), nil
		},
	}
}

func includeFragmentDefinition() *Definition {
	return &Definition{
		Element: Element{
			Name:       includeFragment,
			Doc:        "The statements of a policy fragment run here, as if they were written in this place.",
			Attributes: []Attribute{{Name: fragmentID, Doc: "Name of the fragment.", Type: String, Required: true}},
		},
		Category: "flow",
		Sections: AnySection,
		// The compiler puts the fragment's statements in place of the node.
		Compile: func(*Node) (Step, error) { return StepFunc(func(*Run) error { return nil }), nil },
	}
}
