package dotnet

import "golang.org/x/text/unicode/norm"

// NormalizationForm is System.Text.NormalizationForm.
type NormalizationForm int32

// The forms.
const (
	FormC  NormalizationForm = 1
	FormD  NormalizationForm = 2
	FormKC NormalizationForm = 5
	FormKD NormalizationForm = 6
)

// form is the form for a text, which must have no halves of pairs alone.
func (f NormalizationForm) form(s string) (norm.Form, error) {
	forms := map[NormalizationForm]norm.Form{FormC: norm.NFC, FormD: norm.NFD, FormKC: norm.NFKC, FormKD: norm.NFKD}
	form, ok := forms[f]
	if !ok {
		return 0, Argument("Invalid or unsupported normalization form.", "normalizationForm")
	}
	for rest := s; rest != ""; {
		if isSurrogateText(rest) {
			return 0, Argument("String contains invalid Unicode code points.", "strInput")
		}
		_, size := decode(rest)
		rest = rest[size:]
	}
	return form, nil
}

// Normalize is string.Normalize.
func Normalize(s string, f NormalizationForm) (string, error) {
	form, err := f.form(s)
	if err != nil {
		return "", err
	}
	return form.String(s), nil
}

// IsNormalized is string.IsNormalized.
func IsNormalized(s string, f NormalizationForm) (bool, error) {
	form, err := f.form(s)
	if err != nil {
		return false, err
	}
	return form.IsNormalString(s), nil
}
