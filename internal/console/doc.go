// Package console is the page that the emulator shows its owner in a browser: what
// requests came and why each was answered as it was, what is served, and ways to try.
//
//	Page       the handler; the management listener lets browsers in
//	list       the requests, live
//	request    one: why, timeline, source, copies of it, replay
//	service    APIs, products, keys, effective policies
//	playground composes a request and sends it
//	state      clock, key sets, counters, caches
//	findings   what lint says of the files
//
// Pages are Go templates, and work without a script for reading; the script keeps them live.
// Nothing is fetched from elsewhere. No secret is shown: all that comes from requests has
// been through a record's masks.
package console
