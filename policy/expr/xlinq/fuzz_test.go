package xlinq

import "testing"

// FuzzParse: whatever is read can be written, and reads back as the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"<a/>", "<a b='1'>x&amp;<!--c--><![CDATA[d]]><?p q?></a>", "<?xml version='1.0' encoding='x'?><a xmlns='u' xmlns:p='v' p:q='&#10;'><p:b/></a>",
		"<!DOCTYPE a PUBLIC 'p' 's' [<!ELEMENT a ANY>]><a/>", "<a xml:space='preserve'> </a>", "<a>&#xD800;", "<a><b></a>", "\xed\xa0\x80", "<!DOCTYPE a [<!ENTITY"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDocument(s, PreserveWhitespace)
		if err != nil {
			return
		}
		text, err := Write(d.Root(), DisableFormatting, nil)
		if err != nil {
			t.Fatalf("%q was read, but is not written: %v", s, err)
		}
		again, err := ParseElement(text, PreserveWhitespace)
		if err != nil {
			t.Fatalf("%q was written as %q, which is not read: %v", s, text, err)
		}
		if !DeepEquals(Clone(d.Root()), d.Root()) {
			t.Fatalf("the copy of %q differs", s)
		}
		if back, err := Write(again, DisableFormatting, nil); err != nil || back != text {
			t.Fatalf("%q is written as %q, then as %q, %v", s, text, back, err)
		}
	})
}
