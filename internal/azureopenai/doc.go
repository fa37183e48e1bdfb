// Package azureopenai emulates one Azure OpenAI resource, as far as what stands
// before it can tell: its routes, credentials, limits, errors and wire shapes; and
// the content safety service that is reached by the same hosts.
//
// It is not a model. It thinks nothing up, filters no content and follows no
// instruction: a configured rule or an echo of the last user message answers,
// so that the same request gets the same answer. It is not for production, and
// nothing that it accepts is a secret worth keeping.
//
// A [Server] is an [http.Handler]. A request goes through it in this order, and
// the first refusal is the answer:
//
//	route        routes.go    404, or 501 for a route that is known but not emulated
//	api-version  versions.go  404
//	credential   auth.go      401, 403; 400 for a token of another tenant; roles.go
//	deployment   call.go      404
//	body         chat.go      413, 415
//	fault        faults.go    what a test asked for
//	model        models.go    400 for one that can't do what is asked
//	parameters   chat.go      400; message.go for the conversation, tools.go, format.go and
//	                          schema.go for what answers may or must be, values.go for the rest
//	rate limit   limits.go    429
//	latency      latency.go   on the clock
//	answer       answer.go    plain (completion.go) or streamed (stream.go)
//
// Embeddings go the same way (embeddings.go; vectors.go makes the vectors), content
// safety a shorter one (contentsafety.go; judge.go finds what the rules say), and lists of
// models and deployments the shortest (listing.go). Where a value has to fit a schema that
// nobody gave a value for, sample.go makes one. [Server.Management] is the owner's side.
//
// Texts of refusals stand in errors.go and modelerrors.go, headers in headers.go. They are spelled
// as the service spells them where that is known (azure-openai.md 1.2 to 2.5);
// what this package cannot do it refuses in words of its own, which begin with
// "apimulator does not emulate".
//
// Emulated are the operations of routes.go that have an answer: chat completions of
// text, plain and streamed, with tools and response formats, embeddings, lists, and
// text:analyze and text:shieldPrompt. Sampling parameters (temperature, top_p, the penalties,
// seed, logit_bias, user) are checked as the service checks them and change
// nothing, since nothing is sampled.
//
// # Bounds
//
// A request's body is at most 4 MiB, its JSON nests at most 10,000 deep (the
// bound of encoding/json), a conversation has at most 2048 messages, and an
// answer, all choices together, at most 16 MiB. The records of requests keep the
// last 256. How large a request's header may be is the listener's business.
package azureopenai
