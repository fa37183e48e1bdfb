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
		Facts:    baseFacts,
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
		Facts:    includeFragmentFacts,
		// The compiler puts the fragment's statements in place of the node.
		Compile: func(*Node) (Step, error) { return StepFunc(func(*Run) error { return nil }), nil },
	}
}

var baseFacts = []Fact{
	{Is: Documented, Text: "Runs the same section of the next wider scope: from an operation the API's, the product's, the global one."},
	{Is: Documented, Text: "A section without it does not run what wider scopes have there."},
}

var includeFragmentFacts = []Fact{
	{Is: Documented, Rows: "b1", Text: "The statements of the fragment run in its place."},
	{Is: Documented, Rows: "b2", Text: "A fragment holds no section, no base and no other fragment."},
	{Is: Documented, Rows: "b3", Text: "What it holds has to be legal in the section."},
	{Is: Observed, Rows: "f1", Text: "An unknown fragment is refused at load: `Policy fragment with id 'x' could not be found.`"},
	{Is: Difference, Rows: "b2", Text: "A fragment may have 1 MB; Azure takes 512 KB.", Why: "the bound of any document here"},
}
