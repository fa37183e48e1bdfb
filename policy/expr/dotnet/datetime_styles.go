package dotnet

// DateTimeStyles is System.Globalization.DateTimeStyles: how a text of a date is
// read and what its value is adjusted to.
type DateTimeStyles int32

// The styles.
const (
	DateTimeStylesAllowLeadingWhite DateTimeStyles = 1 << iota
	DateTimeStylesAllowTrailingWhite
	DateTimeStylesAllowInnerWhite
	DateTimeStylesNoCurrentDateDefault
	DateTimeStylesAdjustToUniversal
	DateTimeStylesAssumeLocal
	DateTimeStylesAssumeUniversal
	DateTimeStylesRoundtripKind

	DateTimeStylesNone             DateTimeStyles = 0
	DateTimeStylesAllowWhiteSpaces                = DateTimeStylesAllowLeadingWhite | DateTimeStylesAllowTrailingWhite | DateTimeStylesAllowInnerWhite
)

// Has tells whether all bits of a flag are set.
func (s DateTimeStyles) Has(flag DateTimeStyles) bool { return s&flag == flag }

const (
	assumeBoth = DateTimeStylesAssumeLocal | DateTimeStylesAssumeUniversal
	allStyles  = DateTimeStylesAllowWhiteSpaces | DateTimeStylesNoCurrentDateDefault | DateTimeStylesAdjustToUniversal | assumeBoth | DateTimeStylesRoundtripKind
)

// check refuses combinations that make no sense; param names the argument.
func (s DateTimeStyles) check(param string) error {
	switch {
	case s&^allStyles != 0:
		return Argument("An undefined DateTimeStyles value is being used.", param)
	case s.Has(assumeBoth):
		return Argument("The DateTimeStyles values AssumeLocal and AssumeUniversal cannot be used together.", param)
	case s.Has(DateTimeStylesRoundtripKind) && s&(assumeBoth|DateTimeStylesAdjustToUniversal) != 0:
		return Argument("The DateTimeStyles value RoundtripKind cannot be used with the values AssumeLocal, AssumeUniversal or AdjustToUniversal.", param)
	}
	return nil
}

// forOffset is check for DateTimeOffset, which takes no notice of RoundtripKind
// and AssumeLocal.
func (s DateTimeStyles) forOffset() (DateTimeStyles, error) {
	if err := (s &^ DateTimeStylesRoundtripKind).check("styles"); err != nil {
		return 0, err
	}
	if s.Has(DateTimeStylesNoCurrentDateDefault) {
		return 0, Argument("The DateTimeStyles value 'NoCurrentDateDefault' is not allowed when parsing DateTimeOffset.", "styles")
	}
	return s &^ (DateTimeStylesRoundtripKind | DateTimeStylesAssumeLocal), nil
}
