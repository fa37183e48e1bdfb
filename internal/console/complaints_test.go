package console_test

import (
	"fmt"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// complaints are what a browser's console would show of an event: exceptions, and what a
// policy for content kept from running.
func complaints(event any) []string {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		return []string{fmt.Sprintf("%+v", e.ExceptionDetails)}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == "error" {
			return []string{fmt.Sprintf("%s %s", e.Entry.Text, e.Entry.URL)}
		}
	}
	return nil
}
