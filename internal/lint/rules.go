package lint

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Rule is one rule: what it is called, and what to tell of it besides a finding's
// own message.
type Rule struct {
	ID  string
	Why string
	// Remedy says what would be right; "" where the message does.
	Remedy string
}

// The rules of this package; those of a document's form are package policy's.
const (
	ruleDirective      = "lint-directive"
	ruleConfiguration  = "service-configuration"
	ruleReference      = "reference-assumed"
	ruleOpenFact       = "open-fact"
	ruleResultType     = "expression-result"
	ruleVariableUnset  = "variable-unset"
	ruleVariableType   = "variable-type"
	ruleVariableUnused = "variable-unused"
	ruleCondition      = "condition-constant"
	ruleUnreachable    = "unreachable"
	ruleBaseMissing    = "base-missing"
	ruleBaseDoubled    = "base-doubled"
	ruleForwardMissing = "forward-request-missing"
	ruleForwardDoubled = "forward-request-doubled"
	ruleBodyConsumed   = "body-consumed"
	ruleBufferedStream = "buffered-stream"
	ruleJWTAudience    = "jwt-audience-missing"
	ruleJWTIssuer      = "jwt-issuer-missing"
	ruleJWTChecksOff   = "jwt-checks-off"
	ruleJWTKey         = "jwt-key-in-clear"
	ruleSecret         = "secret-in-clear"
	ruleCORS           = "cors-wildcard-credentials"
	ruleCounterKey     = "counter-key-forgeable"
	ruleCacheKey       = "cache-key-forgeable"
	ruleIdentityHost   = "managed-identity-host"
	ruleInternal       = "internal"
)

// Rules are all rules, in the order of docs/lint.md.
var Rules = []Rule{
	{policy.RuleUnreadable, "Azure refuses a document that it cannot read.", "Close what is open; in an expression, mind brackets and quotation marks."},
	{policy.RuleDocumentSize, "The document has more bytes, elements or named values than can be taken.", "Move parts into fragments, or leave them out."},
	{policy.RuleRootUnknown, "A document begins with <policies>, a fragment with <fragment>.", ""},
	{policy.RuleSectionUnknown, "Azure knows four sections and refuses others.", ""},
	{policy.RuleSectionDoubled, "Azure takes each section once.", "Put the statements of both into one."},
	{policy.RuleStatementUnknown, "Azure refuses elements that it does not know.", "Look the name up in docs/policies.md."},
	{policy.RuleStatementSection, "Azure refuses a statement in a section that it does not belong to.", "Move it to a section that takes it."},
	{policy.RuleStatementScope, "Azure refuses a statement in a document of a scope that it does not belong to.", "Move it to a document of a scope that takes it."},
	{policy.RuleStatementDoubled, "Azure takes this statement once in a section.", "Leave one of them out, or put each into a branch of its own."},
	{policy.RuleStatementInvalid, "The statement is well formed, but it says something that can't work.", ""},
	{policy.RuleStatementDoubtful, "The statement runs, but not everything that it says will work as meant.", ""},
	{policy.RuleAttributeUnknown, "Azure refuses attributes that a statement does not declare.", ""},
	{policy.RuleAttributeMissing, "The statement has no meaning without it, and Azure refuses it.", ""},
	{policy.RuleAttributeValue, "Azure refuses values that are not of the attribute's type.", ""},
	{policy.RuleAttributeTogether, "Some attributes or elements exclude or need each other.", ""},
	{policy.RuleElementUnexpected, "Azure refuses elements where they don't belong.", ""},
	{policy.RuleElementMissing, "Azure refuses an element that lacks what it needs.", ""},
	{policy.RuleElementOrder, "Azure reads the children of this element in one order.", "Put them into that order."},
	{policy.RuleElementDoubled, "Azure takes only so many of them.", "Leave one out."},
	{policy.RuleTextUnexpected, "The element holds elements, or nothing.", "Take the text away, or make a comment of it."},
	{policy.RuleNamedValueUnknown, "Azure refuses a document that names a named value which is not there.", "Add the named value, or correct its name."},
	{policy.RuleFragmentUnknown, "Azure refuses a document that includes a fragment which is not there.", "Add the fragment, or correct its id."},
	{policy.RuleFragmentNested, "Azure does not include fragments in fragments.", "Include both in the document."},
	{policy.RuleCertificateUnknown, "The statement needs the certificate when it runs.", "Add the certificate, or correct its id."},
	{policy.RuleBackendUnknown, "The request would have nowhere to go.", "Add the backend, or correct its id."},
	{ruleReference, "The document was looked at without what it refers to, which is taken as present.", "Lint the service or the APIOps folder, and dangling references are found."},
	{policy.RuleExpressionPlace, "Azure takes this value as it is written, so an expression in it is refused.", "Write a literal value, or set a variable or header before instead."},
	{policy.RuleExpressionPartial, "An expression is always the whole value.", `Put the text into the expression: @("text" + ...).`},
	{policy.RuleExpressionCompile, "Azure compiles expressions when a document is saved, and refuses what is no C#.", ""},
	{policy.RuleExpressionMember, "Nothing of that name is there, so Azure refuses the document.", "Look up what there is in docs/expressions.md."},
	{policy.RuleExpressionType, "The types don't fit together, so Azure refuses the document.", "Convert the value, or compare it with one of its own type."},
	{policy.RuleExpressionForbidden, "Azure lets expressions use some types and members of .NET only.", "Look up what is allowed in docs/expressions.md."},
	{policy.RuleCSharp8, "Azure compiles expressions as C# 7.", "Write it as C# 7 has it."},
	{ruleResultType, "The value is computed at run time and then can't be converted, so each request fails.", "Make the expression give what the place takes."},
	{ruleVariableUnset, "Reading a variable that is not there fails at run time with KeyNotFoundException.", `Set it before, or read it with context.Variables.GetValueOrDefault<T>("name", default).`},
	{ruleVariableType, "A cast to another type fails at run time; GetValueOrDefault<T> gives the default instead.", "Ask for the type that the variable is set with: a literal value is a string."},
	{ruleVariableUnused, "What nobody reads costs time and misleads.", "Take it out, or correct the name where it is read."},
	{ruleCondition, "One of the branches never runs.", "Correct the condition, or take it away with the branch."},
	{ruleUnreachable, "Nothing after return-response runs.", "Move it before, or put the return-response into a branch."},
	{ruleBaseMissing, "Without <base/> the policies of wider scopes, security among them, do not apply here.", "Put <base/> into the section, or turn this rule off where it is meant."},
	{ruleBaseDoubled, "The policies of wider scopes run once for each <base/>.", "Leave one."},
	{ruleForwardMissing, "Nothing sends the request to the backend, so the caller gets an empty 200.", "Put <forward-request/> or <base/> into <backend>, or return a response."},
	{ruleForwardDoubled, "The request is sent twice, and the first response is lost.", "Leave one; for another attempt use <retry>."},
	{ruleBodyConsumed, "As<T>() takes the body away; whoever comes next finds none.", "Read it with preserveContent: true."},
	{ruleBufferedStream, `With buffer-response="true", the default, Azure collects a stream before it passes it on.`, `Write <forward-request buffer-response="false"/>.`},
	{ruleJWTAudience, "Without audiences a token that was issued for any other application is accepted.", "Name the audiences of this API in <audiences>."},
	{ruleJWTIssuer, "Without issuers and discovery a token of anybody who has the key is accepted.", "Name the issuers, or use <openid-config>."},
	{ruleJWTChecksOff, "A token that is not signed, or does not expire, can be made or used by anybody.", "Leave the attribute out: true is the default."},
	{ruleJWTKey, "Who reads the document can make tokens.", "Put the key into a secret named value, or use <openid-config>."},
	{ruleSecret, "Who reads the document, or the repository, has the secret.", "Put it into a secret named value: {{name}}."},
	{ruleCORS, "Browsers refuse it, and were it taken, any site could act for the user.", "Name the origins, or leave allow-credentials out."},
	{ruleCounterKey, "A caller who changes the value has a limit of his own each time, or uses up somebody else's.", "Count by what is checked: a validated token's claim, the subscription, the address."},
	{ruleCacheKey, "A caller who forges the value gets what was cached for somebody else.", "Make the key of what is checked: a validated token's claim, the subscription."},
	{ruleIdentityHost, "The token gives whoever has it the gateway's rights on that resource.", "Ask for a token for the resource that the host belongs to."},
	{ruleOpenFact, "No source says whether Azure accepts it. It is accepted here, and refused with --strict.", ""},
	{policy.RuleNotEmulated, "Azure runs it, this version of the emulator does not.", ""},
	{ruleDirective, "The comment turns nothing off.", "Correct the name of the rule."},
	{ruleConfiguration, "The service's own file is wrong.", ""},
	{ruleInternal, "The linter itself failed on this document.", "Please report it."},
}

var rulesByID = func() map[string]*Rule {
	byID := make(map[string]*Rule, len(Rules))
	for i := range Rules {
		byID[Rules[i].ID] = &Rules[i]
	}
	return byID
}()

// ruleOf finds a rule, nil if there is none.
func ruleOf(id string) *Rule { return rulesByID[id] }

// Explain says why a rule is there, and what would be right where its messages don't; "" for
// a rule that there is not.
func Explain(id string) (why, remedy string) {
	if r := ruleOf(id); r != nil {
		return r.Why, r.Remedy
	}
	return "", ""
}

// rules applies those that look at a document once it is bound and checked.
func (o *outcome) rules() {
	o.references()
	o.openFacts()
	f := &flow{o: o, ends: make(map[exchange.Section]bool), own: o.facts(), around: o.aroundFacts()}
	f.run()
	for _, st := range f.all {
		o.resultTypes(st)
		o.jwt(st)
		o.secrets(st)
		o.cors(st)
	}
	o.bases(f)
	o.forwards(f)
	o.bufferedStream(f)
	f.unused()
}
