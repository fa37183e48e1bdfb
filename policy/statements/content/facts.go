package content

import "github.com/apimulator/apimulator/policy"

var validateContentFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Content types are compared without regard to case and parameters; application/hal+json and its like are JSON."},
	{Is: policy.Documented, Rows: "b2", Text: "The JSON schema decides: required and additional properties, types, formats such as pattern and minimum."},
	{Is: policy.Documented, Rows: "b3", Text: "Findings go to errors-variable-name; with prevent also to LastError, and on-error follows."},
	{Is: policy.Documented, Rows: "b4", Text: "A finding has Name, Type, ValidationRule, Details and Action."},
	{Is: policy.Documented, Rows: "b5", Text: "The client reads the public text, the variable the detailed one."},
	{Is: policy.Documented, Rows: "f1", Text: "prevent of a request: 400, reason `Bad request`, the public text."},
	{Is: policy.Documented, Rows: "f2", Text: "prevent of a response: 502, reason `Response not allowed`, `The request could not be processed due to an internal error. Contact the API owner.`"},
	{Is: policy.Chosen, Rows: "f1 f2 u2 u3", Text: "Source is `validate-content`; which reason is whose follows from the words.", Why: "the page lists them without a section"},
	{Is: policy.Chosen, Rows: "u1", Text: "A content without action is prevent.", Why: "the refusing side"},
	{Is: policy.Chosen, Rows: "b3", Text: "The variable holds a JArray, set when something is found and added to if it is there.", Why: "the page names the members only"},
	// A client's test keeps an answer: friendlycart/friendly_shipping,
	// spec/fixtures/tforce_freight/failure_with_http_error.json.
	{Is: policy.Observed, Rows: "u4", Text: "What does not fit is in Newtonsoft.Json.Schema's words, behind a blank, with the place where it ends: `Invalid type. Expected String but got Null. Line: 1, Position: 398`."},
	{Is: policy.Chosen, Rows: "u4", Text: "The client's body has the gateway's form with the text escaped as JSON.", Why: "as of other errors"},
	{Is: policy.Chosen, Text: "Where no schema of several fits, the trace tells why of each; at most 100 findings are told.", Why: "the library's message alone does not help"},
	{Is: policy.Chosen, Text: "format is judged whatever $schema says.", Why: "the page promises it"},
	{Is: policy.Chosen, Text: "In on-error a refusal is 502.", Why: "it is about the response"},
	{Is: policy.Chosen, Text: "No body is not validated; of a body above max-size only the size is told.", Why: "there is nothing to hold against a schema"},
	{Is: policy.Chosen, Text: "What is not JSON is an IncorrectMessage.", Why: "it does not conform"},
	{Is: policy.Chosen, Text: "Of a type in content-type-map with both from and when, both have to hold.", Why: "each narrows"},
	{Is: policy.Difference, Rows: "b6", Text: "XML and SOAP are refused at load.", Why: "there is no engine of XML Schema here"},
}
