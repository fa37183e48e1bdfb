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
	{Is: policy.Chosen, Rows: "u4", Text: "Two line breaks part the finding from its cause; the client's body has the gateway's form with the text escaped as JSON.", Why: "the table has HTML breaks"},
	{Is: policy.Chosen, Text: "Texts of schema violations are this validator's, with line and position; at most 100 are told.", Why: "Azure's are those of another library"},
	{Is: policy.Chosen, Text: "In on-error a refusal is 502.", Why: "it is about the response"},
	{Is: policy.Chosen, Text: "No body is not validated; of a body above max-size only the size is told.", Why: "there is nothing to hold against a schema"},
	{Is: policy.Chosen, Text: "What is not JSON is an IncorrectMessage.", Why: "it does not conform"},
	{Is: policy.Chosen, Text: "Of a type in content-type-map with both from and when, both have to hold.", Why: "each narrows"},
	{Is: policy.Difference, Rows: "b6", Text: "XML and SOAP are refused at load.", Why: "there is no engine of XML Schema here"},
}
