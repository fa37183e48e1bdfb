package dotnet

// NumberStyles is System.Globalization.NumberStyles: what a text of a number
// may hold.
type NumberStyles int32

// The styles and their usual combinations.
const (
	NumberStylesAllowLeadingWhite NumberStyles = 1 << iota
	NumberStylesAllowTrailingWhite
	NumberStylesAllowLeadingSign
	NumberStylesAllowTrailingSign
	NumberStylesAllowParentheses
	NumberStylesAllowDecimalPoint
	NumberStylesAllowThousands
	NumberStylesAllowExponent
	NumberStylesAllowCurrencySymbol
	NumberStylesAllowHexSpecifier

	NumberStylesNone      NumberStyles = 0
	NumberStylesInteger                = NumberStylesAllowLeadingWhite | NumberStylesAllowTrailingWhite | NumberStylesAllowLeadingSign
	NumberStylesHexNumber              = NumberStylesAllowLeadingWhite | NumberStylesAllowTrailingWhite | NumberStylesAllowHexSpecifier
	NumberStylesNumber                 = NumberStylesInteger | NumberStylesAllowTrailingSign | NumberStylesAllowDecimalPoint | NumberStylesAllowThousands
	NumberStylesFloat                  = NumberStylesInteger | NumberStylesAllowDecimalPoint | NumberStylesAllowExponent
	NumberStylesCurrency               = NumberStylesNumber | NumberStylesAllowParentheses | NumberStylesAllowCurrencySymbol
	NumberStylesAny                    = NumberStylesCurrency | NumberStylesAllowExponent
)

// Has tells whether all bits of a flag are set.
func (s NumberStyles) Has(flag NumberStyles) bool { return s&flag == flag }

func (s NumberStyles) undefined() bool {
	return s&^(NumberStylesAny|NumberStylesAllowHexSpecifier) != 0
}

func (s NumberStyles) checkInteger() error {
	if s.undefined() {
		return Argument("An undefined NumberStyles value is being used.", "style")
	}
	if s.Has(NumberStylesAllowHexSpecifier) && s&^NumberStylesHexNumber != 0 {
		return Argument("With the AllowHexSpecifier bit set in the enum bit field, the only other valid bits that can be combined into the enum value must be a subset of those in HexNumber.", "")
	}
	return nil
}

func (s NumberStyles) checkFloat() error {
	if s.undefined() {
		return Argument("An undefined NumberStyles value is being used.", "style")
	}
	if s.Has(NumberStylesAllowHexSpecifier) {
		return Argument("The number style AllowHexSpecifier is not supported on floating point data types.", "")
	}
	return nil
}
