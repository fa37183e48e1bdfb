// Package liquid runs the templates of <set-body template="liquid">: Liquid as
// DotLiquid understands it with C#'s naming of filters (Upcase, not upcase).
//
//	Parse    text -> blocks -> nodes; mistakes are found here, with their offset
//	Render   nodes + [Scope] -> text
//
// Which DotLiquid API Management runs is not documented. What is known fits
// version 2.0.361 of June 2020: the documented filters are those of that version
// (Ceil and Floor, which came in October 2020, are missing), and the templates
// that API Management itself generates for SOAP escape quotes by a regular
// expression in Replace, which later versions take literally. So that version is
// followed; where it is laxer than useful, a comment says what is chosen.
//
// A template sees two names, body and context. [ReadBody] makes the one of a
// message, [NewContext] the other of an exchange. Names of members are looked up
// as they are written and then without regard to case: generated templates read
// {{body.envelope.body.fault.faultcode}} from <soap:Envelope><soap:Body>...
//
// What goes wrong while a template is rendered stands in its output, as DotLiquid
// puts it there ("Liquid error: ..."); only a bound of the machine or a body that
// can't be read ends it.
package liquid
