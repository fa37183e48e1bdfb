// Package part holds what several statements share: the elements that stand in
// more than one of them, such as set-header in return-response and send-request,
// and the edits of a message that some of these compile to.
package part
