package entra

import (
	"html/template"
	"io/fs"
	"path"
	"testing"
)

// TestPages parses all pages, which else happens when one is shown.
func TestPages(t *testing.T) {
	all := []func() *template.Template{pageSignIn, pageFormPost, pageError, pageDevice, pageDeviceUser, pageMessage}
	parsed := map[string]bool{"layout.html": true}
	for _, page := range all {
		for _, part := range page().Templates() {
			parsed[part.Name()] = true
		}
	}
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil || len(files) != len(all)+1 {
		t.Errorf("there are %q, %v; want the layout and %d pages", files, err, len(all))
	}
	for _, file := range files {
		if !parsed[path.Base(file)] {
			t.Errorf("no page is made of %s", file)
		}
	}
}
