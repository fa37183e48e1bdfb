package transform

import "github.com/apimulator/apimulator/policy"

var findAndReplaceFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Replaces the text wherever it occurs in the body of the section's message."},
	{Is: policy.Documented, Rows: "b2", Text: "Headers are not touched."},
	{Is: policy.Chosen, Rows: "b1", Text: "Texts are compared letter by letter; a compressed body is decoded first; an empty from replaces nothing.", Why: "the page says substring, and so does the toolkit's emulator"},
}

var jsonToXMLFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "A property is an element, an object nests, an empty one is an empty element, an array repeats the element."},
	{Is: policy.Documented, Rows: "b2", Text: "namespace-separator, namespace-prefix and attribute-block-name make namespaces and attributes, as the page's example has it."},
	{Is: policy.Documented, Rows: "b6", Text: "With consider-accept-header the client's Accept decides, in inbound too."},
	{Is: policy.Documented, Rows: "b7", Text: "With parse-date dates are written anew."},
	{Is: policy.Observed, Rows: "b3", Text: "The elements of an array at the root stand side by side without a root."},
	{Is: policy.Chosen, Rows: "b3", Text: "Several properties at the root stand in `<Document>`.", Why: "others report it; a document needs one root"},
	{Is: policy.Chosen, Rows: "b4", Text: "With the separator `_`, a_b is the name b with the prefix a only where that prefix is declared; else it is a name.", Why: "names with an underscore are common"},
	{Is: policy.Chosen, Rows: "b5", Text: "Content-Type becomes application/xml.", Why: "as xml-to-json is recorded"},
	{Is: policy.Chosen, Rows: "b6", Text: "Without Accept, or with `*/*`, nothing is converted where consider-accept-header is true.", Why: "it does not ask for XML"},
	{Is: policy.Chosen, Rows: "b1", Text: "The rules beyond the example are Json.NET's.", Why: "what .NET has for it"},
	{Is: policy.Chosen, Rows: "f1", Text: "What is not JSON is 500, source `json-to-xml`, reason `ContentConversionFailure`.", Why: "no page and no record has one"},
	{Is: policy.Difference, Rows: "b8", Text: "Refused in backend.", Why: "the page has three sections; the policy toolkit offers it there"},
}

var xmlToJSONFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: `kind="direct" mirrors the document, javascript-friendly has names for scripts.`},
	{Is: policy.Documented, Rows: "b2", Text: "One child is an object, several are an array; always-array-child-elements makes all arrays."},
	{Is: policy.Observed, Rows: "b1", Text: "direct writes @attribute, #text, $comment, and a declaration's members without ?xml."},
	{Is: policy.Observed, Rows: "b3", Text: "Content-Type becomes application/json and Content-Length goes."},
	{Is: policy.Chosen, Rows: "b1", Text: "javascript-friendly writes $attribute and $text, with underscores for what a name in a script can't have.", Why: "the page only says that it suits scripts"},
	{Is: policy.Chosen, Text: "Without Accept, or with `*/*`, nothing is converted where consider-accept-header is true.", Why: "it does not ask for JSON"},
	{Is: policy.Chosen, Rows: "f1", Text: "What is not XML is 500, source `xml-to-json`, reason `ContentConversionFailure`.", Why: "no page and no record has one"},
	{Is: policy.Difference, Rows: "b4", Text: "Refused in backend.", Why: "the page has three sections; the policy toolkit offers it there"},
}

var mockResponseFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Ends the pipeline and answers the caller."},
	{Is: policy.Documented, Rows: "b2", Text: "The body is an example of the operation's response, else a sample of its schema, else none."},
	{Is: policy.Documented, Rows: "b3", Text: "Without content-type it is the first representation."},
	{Is: policy.Documented, Rows: "b5", Text: "No attribute takes an expression."},
	{Is: policy.Chosen, Rows: "b2", Text: "A response of the status's class (4XX) or the default stands in where the status itself has none.", Why: "as OpenAPI means it"},
	{Is: policy.Chosen, Rows: "b2", Text: "Samples have the schema's example, default or first of its enum, else the least number, true, `string` or a fixed text of its format; a schema that holds itself ends in null.", Why: "no page shows one that Azure made"},
	{Is: policy.Chosen, Rows: "b4", Text: "An example of another content type is used where the asked one has nothing; index counts from 0.", Why: "as in the policy toolkit's emulator"},
	{Is: policy.Difference, Rows: "b4", Text: "The reason phrase is the status's; the toolkit's emulator has none.", Why: "HTTP has one"},
}

var returnResponseFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Ends the pipeline and answers the caller: 200 OK without a body, unless children say otherwise."},
	{Is: policy.Documented, Rows: "b2", Text: "Children change the response of the variable."},
	{Is: policy.Documented, Rows: "b3", Text: "From inbound, nothing of outbound runs."},
	{Is: policy.Documented, Rows: "b4", Text: "Liquid in its set-body sees no body."},
	{Is: policy.Documented, Rows: "b7", Text: "Children count beside a variable."},
	{Is: policy.Observed, Rows: "b6", Text: "The trace reads `Return response was applied`."},
	{Is: policy.Chosen, Rows: "b5", Text: "Children may stand in any order and act in it.", Why: "the page has one, and no source tells whether Azure insists"},
	{Is: policy.Chosen, Rows: "f1", Text: "A variable without a response: 500, source `return-response`, reason `ResponseVariableInvalid`, `Variable 'x' holds no response.`", Why: "no source has reason and message"},
}

var rewriteURIFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "{name} takes the value that the operation's URL template matched."},
	{Is: policy.Documented, Rows: "b2", Text: "Query parameters may be added, parameters of the path may not."},
	{Is: policy.Documented, Rows: "b3", Text: "Parameters of the request that the operation's template names are dropped; others are copied unless copy-unmatched-params is false."},
	{Is: policy.Documented, Rows: "b4", Text: "An expression is the whole template."},
	{Is: policy.Chosen, Rows: "b5", Text: "The template replaces what stands behind the backend's base path; one that begins with no slash gets one.", Why: "as in all samples"},
	{Is: policy.Chosen, Rows: "b6", Text: "context.Request.Url changes, OriginalUrl stays.", Why: "the members' names"},
	{Is: policy.Chosen, Rows: "b7", Text: "A parameter of the template wins over one of the same name in the request.", Why: "as in the policy toolkit's emulator"},
	{Is: policy.Observed, Rows: "f1", Text: "A parameter that the operation's template lacks: `Only parameters specified in the original URL template can be used in the rewrite template`."},
	{Is: policy.Chosen, Rows: "f1", Text: "It is 500, source `rewrite-uri`, when the request runs.", Why: "Azure refuses it at save; the operation is known only then here"},
}

var setBodyFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The body is what an expression returns, text, or a Liquid template's result."},
	{Is: policy.Documented, Rows: "b2", Text: "Reading without preserveContent takes the old body; what is returned is the new one."},
	{Is: policy.Documented, Rows: "b5", Text: "Filters have .NET names (AtLeast) and Date takes .NET formats."},
	{Is: policy.Documented, Rows: "b6", Text: "Liquid's body is read as JSON or XML by Content-Type; of another type it is empty."},
	{Is: policy.Documented, Rows: "b7", Text: "Liquid's context has Request and Response with the members listed in [liquid.md](liquid.md)."},
	{Is: policy.Documented, Rows: "b8", Text: "The documented filters, and no others."},
	{Is: policy.Documented, Rows: "b9", Text: "{% JSONArrayFor %} puts commas between its items."},
	{Is: policy.Documented, Rows: "b10", Text: "Inside of return-response Liquid sees no body."},
	{Is: policy.Documented, Rows: "b11", Text: "AsFormUrlEncodedContent gives a dictionary of lists, ToFormUrlEncodedContent turns it back."},
	{Is: policy.Documented, Rows: "b3", Text: "In inbound it is the request's body, in outbound and return-response the response's."},
	{Is: policy.Observed, Rows: "b13", Text: "It may stand in on-error, where it is the error's body."},
	{Is: policy.Chosen, Rows: "b3", Text: "In backend it is the request's body.", Why: "nothing has come back yet"},
	{Is: policy.Chosen, Rows: "b4", Text: "Content-Type stays, Content-Length follows the body, Content-Encoding goes.", Why: "it told of the old bytes"},
	{Is: policy.Chosen, Rows: "b12", Text: "A {{name}} that is a named value is replaced before Liquid sees it.", Why: "named values are bound first"},
	{Is: policy.Chosen, Rows: "f1", Text: "An expression that reads a body which is not there is 500, reason `ExpressionValueEvaluationFailure`.", Why: "the page says that an exception is thrown"},
	{Is: policy.Documented, Rows: "f2", Text: "A body read a second time without preserveContent: reason `ExpressionValueEvaluationFailure`."},
	{Is: policy.Chosen, Text: "Liquid is DotLiquid 2.0.361; its choices stand in [liquid.md](liquid.md).", Why: "that version fits the documented filters"},
}

var setHeaderFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "In inbound and backend it is the request's, in outbound and on-error the response's."},
	{Is: policy.Documented, Rows: "b2", Text: "override puts the values in place of what is there."},
	{Is: policy.Documented, Rows: "b3", Text: "skip leaves a header that is there, and sets it otherwise."},
	{Is: policy.Documented, Rows: "b4", Text: "append adds to the values that are there."},
	{Is: policy.Documented, Rows: "b5", Text: "delete removes the header."},
	{Is: policy.Documented, Rows: "b6", Text: "Several values make one line, with commas and no blanks."},
	{Is: policy.Documented, Rows: "b7", Text: "Set-Cookie, Cookie, WWW-Authenticate, Proxy-Authenticate, User-Agent, Warning, Retry-After and the headers with dates are lines of their own."},
	{Is: policy.Documented, Rows: "b8", Text: "Connection, Content-Length, Keep-Alive and Transfer-Encoding stay as they are, and Server is not deleted; a warning at load, since deployed documents do it."},
	{Is: policy.Observed, Rows: "b11", Text: "The trace reads `Header 'X' was removed.`"},
	{Is: policy.Chosen, Rows: "b9", Text: "An empty value is sent as an empty line.", Why: "it is a value"},
	{Is: policy.Chosen, Rows: "b10", Text: "The header that is there is found without regard to case.", Why: "HTTP"},
	{Is: policy.Chosen, Text: "Without value, other than delete, it is refused at load.", Why: "no source gives it a meaning"},
	{Is: policy.Chosen, Text: "A name that is no token, or a value with a line break, that an expression gives is 500, reason `ExpressionValueEvaluationFailure`.", Why: "the message could not be sent"},
}

var setMethodFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b2", Text: "The text may be an expression."},
	{Is: policy.Chosen, Rows: "b1", Text: "The request goes out with it, and context.Request.Method shows it.", Why: "the page says that it changes the request's method"},
	{Is: policy.Chosen, Rows: "b2", Text: "So it may in send-request and send-one-way-request.", Why: "older pages forbid it, this one's page does not"},
	{Is: policy.Chosen, Rows: "b3", Text: "The body stays.", Why: "no page touches it"},
	{Is: policy.Chosen, Rows: "b4", Text: "It may stand in all four sections.", Why: "the page names two, the policy toolkit four"},
	{Is: policy.Chosen, Text: "What is no method is refused at load; from an expression it is 500, reason `ExpressionValueEvaluationFailure`.", Why: "the request could not be sent"},
}

var setQueryParameterFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Changes the query of the request to the backend."},
	{Is: policy.Documented, Rows: "b2", Text: "override puts the values in place of all of that name."},
	{Is: policy.Documented, Rows: "b3", Text: "skip leaves a parameter that is there, and sets it otherwise."},
	{Is: policy.Documented, Rows: "b4", Text: "append adds to the values that are there."},
	{Is: policy.Documented, Rows: "b5", Text: "delete removes all of that name."},
	{Is: policy.Chosen, Rows: "b6", Text: "Several values are several parameters, in percent-encoding with %20 for a blank; what is there keeps its spelling.", Why: "the page implies the first and says nothing of the second"},
	{Is: policy.Chosen, Text: "Without value, other than delete, it is refused at load.", Why: "no source gives it a meaning"},
	{Is: policy.Difference, Rows: "b7", Text: "Refused in outbound and on-error.", Why: "the page has two sections; the policy toolkit offers more"},
}

var setStatusFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Sets the code and the phrase of the response."},
	{Is: policy.Documented, Rows: "b4", Text: "HTTP/2 has no phrase."},
	{Is: policy.Observed, Rows: "b1", Text: "The trace reads `Response status code was set to 200` and `Response status reason was set to 'OK'`."},
	{Is: policy.Chosen, Rows: "b2", Text: "Without reason it is the status's own phrase.", Why: "the page requires it, deployed documents leave it out"},
	{Is: policy.Chosen, Rows: "b3", Text: "In inbound it makes an empty response, which stays where nothing is forwarded.", Why: "there is none to change"},
	{Is: policy.Chosen, Text: "A phrase with a line break is refused at load; from an expression it is 500, reason `ExpressionValueEvaluationFailure`.", Why: "the message could not be sent"},
}

var setVariableFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "What is written is a string; what an expression gives keeps its type."},
	{Is: policy.Documented, Rows: "b2", Text: "Any type of the list, Json.NET's too."},
	{Is: policy.Documented, Rows: "b4", Text: "A variable lives for the request, in all sections and scopes."},
	{Is: policy.Documented, Rows: "f1", Text: "A value that throws: reason `ExpressionValueEvaluationFailure`, source `set-variable`."},
	{Is: policy.Chosen, Rows: "b2", Text: "A type that the list does not name is stored as it is.", Why: "the newest list could not be read to its end"},
	{Is: policy.Chosen, Rows: "b3", Text: "Names are kept as written; case counts.", Why: "a .NET dictionary does"},
}
