package dotnet

// Exception is a .NET exception. It is an error whose type name and message are
// .NET's, so that an expression can catch it and LastError can tell it.
type Exception struct {
	Type    string // full name: "System.FormatException"
	Message string
	Inner   *Exception // nil if none
	// Param is ParamName of the argument exceptions.
	Param string
	// Actual is ActualValue of ArgumentOutOfRangeException, nil if none.
	Actual any

	// What an expression can set: Source, HelpLink, HResult (0 for the type's own)
	// and Data, which is whatever dictionary the caller keeps there.
	Source, HelpLink string
	HResult          int32
	Data             any
	// Thrown says that it was thrown and caught, and not only made.
	Thrown bool
}

// Error is the message alone.
func (e *Exception) Error() string { return e.Message }

// NewException makes an exception of a type.
func NewException(fullName, message string) *Exception {
	return &Exception{Type: fullName, Message: message}
}

// The exceptions that the runtime itself raises, with the messages of .NET.

// NullReference is what a member of null gives.
func NullReference() *Exception {
	return NewException("System.NullReferenceException", "Object reference not set to an instance of an object.")
}

// ArgumentNull is ArgumentNullException for a parameter.
func ArgumentNull(param string) *Exception {
	e := NewException("System.ArgumentNullException", "Value cannot be null. (Parameter '"+param+"')")
	e.Param = param
	return e
}

// Argument is ArgumentException for a parameter; param "" names none.
func Argument(message, param string) *Exception {
	if param != "" {
		message += " (Parameter '" + param + "')"
	}
	e := NewException("System.ArgumentException", message)
	e.Param = param
	return e
}

// ArgumentOutOfRange is ArgumentOutOfRangeException for a parameter.
func ArgumentOutOfRange(param, message string) *Exception {
	e := NewException("System.ArgumentOutOfRangeException", message+" (Parameter '"+param+"')")
	e.Param = param
	return e
}

// Format is FormatException.
func Format(message string) *Exception { return NewException("System.FormatException", message) }

// Overflow is OverflowException.
func Overflow(message string) *Exception { return NewException("System.OverflowException", message) }

// DivideByZero is DivideByZeroException.
func DivideByZero() *Exception {
	return NewException("System.DivideByZeroException", "Attempted to divide by zero.")
}

// InvalidCast is InvalidCastException.
func InvalidCast(message string) *Exception {
	return NewException("System.InvalidCastException", message)
}

// InvalidOperation is InvalidOperationException.
func InvalidOperation(message string) *Exception {
	return NewException("System.InvalidOperationException", message)
}

// IndexOutOfRange is IndexOutOfRangeException.
func IndexOutOfRange() *Exception {
	return NewException("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
}

// KeyNotFound is KeyNotFoundException for a key's text.
func KeyNotFound(key string) *Exception {
	return NewException("System.Collections.Generic.KeyNotFoundException", "The given key '"+key+"' was not present in the dictionary.")
}
