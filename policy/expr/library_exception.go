package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The exceptions that expressions throw, catch and name. All have Exception's
// members.
var _ = declare("class System.Exception", func() []memberDecl {
	return []memberDecl{
		member("new()", newExceptionOf("System.Exception", "")),
		member("new(string message)", newExceptionOf("System.Exception", "")),
		member("new(string message, Exception innerException)", newExceptionOf("System.Exception", "")),
		member("string Message { get; }", ofException(func(e *dotnet.Exception) any { return e.Message })),
		member("Exception InnerException { get; }", ofException(func(e *dotnet.Exception) any { return orNull(e.Inner) })),
		member("string StackTrace { get; }", ofException(func(e *dotnet.Exception) any { return nullIfEmpty(stackTrace(e)) })),
		member("string Source { get; set; }", ofException(func(e *dotnet.Exception) any { return nullIfEmpty(e.Source) }), func(_ *Machine, a []any) (any, error) {
			exceptionOf(a[0]).Source = text(a[1])
			return nil, nil
		}),
		member("string HelpLink { get; set; }", ofException(func(e *dotnet.Exception) any { return nullIfEmpty(e.HelpLink) }), func(_ *Machine, a []any) (any, error) {
			exceptionOf(a[0]).HelpLink = text(a[1])
			return nil, nil
		}),
		member("int HResult { get; set; }", ofException(func(e *dotnet.Exception) any { return resultCode(e) }), func(_ *Machine, a []any) (any, error) {
			exceptionOf(a[0]).HResult = a[1].(int32)
			return nil, nil
		}),
		member("System.Collections.IDictionary Data { get; }", ofException(func(e *dotnet.Exception) any {
			if e.Data == nil {
				e.Data = NewDictionary(basic.object, basic.object)
			}
			return e.Data
		})),
		member("Exception GetBaseException()", ofException(func(e *dotnet.Exception) any {
			for e.Inner != nil {
				e = e.Inner
			}
			return e
		})),
		member("string ToString()", toText),
	}
})

func exceptionOf(v any) *dotnet.Exception { return v.(*dotnet.Exception) }

func ofException(f func(*dotnet.Exception) any) func(*Machine, []any) (any, error) { return pure1(f) }

func orNull(e *dotnet.Exception) any {
	if e == nil {
		return nil
	}
	return e
}

func nullIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// stackTrace is where an exception was thrown; "" before it was.
func stackTrace(e *dotnet.Exception) string {
	if !e.Thrown {
		return ""
	}
	return "   at Expression.Evaluate(IContext context)"
}

// exceptionText is ToString of an exception: with the one inside, and where it was
// thrown.
func exceptionText(e *dotnet.Exception) string {
	var b strings.Builder
	b.WriteString(e.Type)
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Inner != nil {
		b.WriteString("\n ---> " + exceptionText(e.Inner) + "\n   --- End of inner exception stack trace ---")
	}
	if trace := stackTrace(e); trace != "" {
		b.WriteString("\n" + trace)
	}
	return b.String()
}

// keepsOwnMessage are the types that have their own message also if null is
// passed for one.
var keepsOwnMessage = map[string]bool{
	"System.ArgumentException": true, "System.Globalization.CultureNotFoundException": true, "System.Text.EncoderFallbackException": true,
	"System.Text.DecoderFallbackException": true, "System.Xml.XmlException": true,
}

// newExceptionOf makes an exception of a type; without a message it has the type's
// own.
func newExceptionOf(fullName, own string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		message := own
		if own == "" || len(a) > 0 && !keepsOwnMessage[fullName] {
			message = "Exception of type '" + fullName + "' was thrown."
		}
		e := dotnet.NewException(fullName, message)
		if len(a) > 0 {
			e.Message = orText(a[0], message)
		}
		if len(a) > 1 && a[1] != nil {
			e.Inner = a[1].(*dotnet.Exception)
		}
		return e, nil
	}
}

// exception declares an exception with the three usual constructors.
func exception(fullName, base, own string) struct{} {
	make := newExceptionOf(fullName, own)
	return declare("class "+fullName+" : "+base, func() []memberDecl {
		return []memberDecl{
			member("new()", make), member("new(string message)", make), member("new(string message, Exception innerException)", make),
		}
	})
}

var (
	_ = exception("System.SystemException", "System.Exception", "System error.")
	_ = exception("System.ApplicationException", "System.Exception", "Error in the application.")
	_ = exception("System.ArithmeticException", "System.SystemException", "Overflow or underflow in the arithmetic operation.")
	_ = exception("System.OverflowException", "System.ArithmeticException", "Arithmetic operation resulted in an overflow.")
	_ = exception("System.DivideByZeroException", "System.ArithmeticException", "Attempted to divide by zero.")
	_ = exception("System.FormatException", "System.SystemException", "One of the identified items was in an invalid format.")
	_ = exception("System.InvalidCastException", "System.SystemException", "Specified cast is not valid.")
	_ = exception("System.InvalidOperationException", "System.SystemException", "Operation is not valid due to the current state of the object.")
	_ = exception("System.IndexOutOfRangeException", "System.SystemException", "Index was outside the bounds of the array.")
	_ = exception("System.NullReferenceException", "System.SystemException", "Object reference not set to an instance of an object.")
	_ = exception("System.NotImplementedException", "System.SystemException", "The method or operation is not implemented.")
	_ = exception("System.NotSupportedException", "System.SystemException", "Specified method is not supported.")
	_ = exception("System.PlatformNotSupportedException", "System.NotSupportedException", "Operation is not supported on this platform.")
	_ = exception("System.TimeoutException", "System.SystemException", "The operation has timed out.")
	_ = exception("System.OperationCanceledException", "System.SystemException", "The operation was canceled.")
	_ = exception("System.Threading.Tasks.TaskCanceledException", "System.OperationCanceledException", "A task was canceled.")
	_ = exception("System.UnauthorizedAccessException", "System.SystemException", "Attempted to perform an unauthorized operation.")
	_ = exception("System.OutOfMemoryException", "System.SystemException", "Insufficient memory to continue the execution of the program.")
	_ = exception("System.ArrayTypeMismatchException", "System.SystemException", "Attempted to access an element as a type incompatible with the array.")
	_ = exception("System.RankException", "System.SystemException", "Attempted to operate on an array with the incorrect number of dimensions.")
	_ = exception("System.MemberAccessException", "System.SystemException", "Cannot access member.")
	_ = exception("System.UriFormatException", "System.FormatException", "One of the identified items was in an invalid format.")
	_ = exception("System.TimeZoneNotFoundException", "System.Exception", "")
	_ = exception("System.Collections.Generic.KeyNotFoundException", "System.SystemException", "The given key was not present in the dictionary.")
	_ = exception("System.IO.IOException", "System.SystemException", "I/O error occurred.")
	_ = exception("System.IO.EndOfStreamException", "System.IO.IOException", "Attempted to read past the end of the stream.")
	_ = exception("System.IO.InvalidDataException", "System.SystemException", "Found invalid data while decoding.")
	_ = exception("System.Security.SecurityException", "System.SystemException", "Security error.")
	_ = exception("System.Security.Cryptography.CryptographicException", "System.SystemException", "Error occurred during a cryptographic operation.")
	_ = exception("System.Text.RegularExpressions.RegexMatchTimeoutException", "System.TimeoutException", "The operation has timed out.")
)

// resultCodes are HResult by type; a type without one has its base's.
var resultCodes = map[string]int32{
	"System.Exception": -2146233088, "System.SystemException": -2146233087, "System.ApplicationException": -2146232832,
	"System.ArithmeticException": -2147024362, "System.OverflowException": -2146233066, "System.DivideByZeroException": -2147352558,
	"System.FormatException": -2146233033, "System.InvalidCastException": -2147467262, "System.InvalidOperationException": -2146233079,
	"System.IndexOutOfRangeException": -2146233080, "System.NullReferenceException": -2147467261, "System.NotImplementedException": -2147467263,
	"System.NotSupportedException": -2146233067, "System.PlatformNotSupportedException": -2146233031, "System.TimeoutException": -2146233083,
	"System.OperationCanceledException": -2146233029, "System.UnauthorizedAccessException": -2147024891, "System.OutOfMemoryException": -2147024882,
	"System.ArrayTypeMismatchException": -2146233085, "System.RankException": -2146233065, "System.MemberAccessException": -2146233062,
	"System.ArgumentException": -2147024809, "System.ArgumentNullException": -2147467261, "System.ArgumentOutOfRangeException": -2146233086,
	"System.ObjectDisposedException": -2146232798, "System.Collections.Generic.KeyNotFoundException": -2146232969,
	"System.IO.IOException": -2146232800, "System.IO.EndOfStreamException": -2147024858, "System.Security.SecurityException": -2146233078,
	"System.Xml.XmlException": -2146232000,
}

func resultCode(e *dotnet.Exception) int32 {
	if e.HResult != 0 {
		return e.HResult
	}
	for t := DynamicType(e); t != nil; t = t.baseType() {
		if code, ok := resultCodes[t.full]; ok {
			return code
		}
	}
	return 0
}
