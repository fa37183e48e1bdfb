package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The exceptions that tell more than a message.

// withParam is a message with the name of the parameter it is about, "" for none.
func withParam(fullName, message string, param, inner any) *dotnet.Exception {
	e := dotnet.Argument(message, text(param))
	e.Type = fullName
	if inner != nil {
		e.Inner = exceptionOf(inner)
	}
	return e
}

func orText(v any, otherwise string) string {
	if v == nil {
		return otherwise
	}
	return v.(string)
}

const (
	argumentType   = "System.ArgumentException"
	argumentOwn    = "Value does not fall within the expected range."
	nullType       = "System.ArgumentNullException"
	nullOwn        = "Value cannot be null."
	outOfRangeType = "System.ArgumentOutOfRangeException"
	outOfRangeOwn  = "Specified argument was out of the range of valid values."
	disposedType   = "System.ObjectDisposedException"
	disposedOwn    = "Cannot access a disposed object."
)

var _ = declare("class "+argumentType+" : System.SystemException", func() []memberDecl {
	return []memberDecl{
		member("new()", newExceptionOf(argumentType, argumentOwn)),
		member("new(string message)", newExceptionOf(argumentType, argumentOwn)),
		member("new(string message, Exception innerException)", newExceptionOf(argumentType, argumentOwn)),
		member("new(string message, string paramName)", func(_ *Machine, a []any) (any, error) {
			return withParam(argumentType, orText(a[0], argumentOwn), a[1], nil), nil
		}),
		member("new(string message, string paramName, Exception innerException)", func(_ *Machine, a []any) (any, error) {
			return withParam(argumentType, orText(a[0], argumentOwn), a[1], a[2]), nil
		}),
		member("string ParamName { get; }", ofException(func(e *dotnet.Exception) any { return nullIfEmpty(e.Param) })),
	}
})

var _ = declare("class "+nullType+" : "+argumentType, func() []memberDecl {
	return []memberDecl{
		member("new()", newExceptionOf(nullType, nullOwn)),
		member("new(string paramName)", func(_ *Machine, a []any) (any, error) { return withParam(nullType, nullOwn, a[0], nil), nil }),
		member("new(string paramName, string message)", func(_ *Machine, a []any) (any, error) {
			return withParam(nullType, orText(a[1], nullOwn), a[0], nil), nil
		}),
		member("new(string message, Exception innerException)", newExceptionOf(nullType, nullOwn)),
	}
})

var _ = declare("class "+outOfRangeType+" : "+argumentType, func() []memberDecl {
	return []memberDecl{
		member("new()", newExceptionOf(outOfRangeType, outOfRangeOwn)),
		member("new(string paramName)", func(_ *Machine, a []any) (any, error) {
			return withParam(outOfRangeType, outOfRangeOwn, a[0], nil), nil
		}),
		member("new(string paramName, string message)", func(_ *Machine, a []any) (any, error) {
			return withParam(outOfRangeType, orText(a[1], outOfRangeOwn), a[0], nil), nil
		}),
		member("new(string paramName, object actualValue, string message)", func(m *Machine, a []any) (any, error) {
			e := withParam(outOfRangeType, orText(a[2], "Exception of type '"+outOfRangeType+"' was thrown."), a[0], nil)
			if a[1] == nil {
				return e, nil
			}
			s, err := m.Text(a[1])
			e.Message += "\nActual value was " + s + "."
			e.Actual = a[1]
			return e, err
		}),
		member("new(string message, Exception innerException)", newExceptionOf(outOfRangeType, outOfRangeOwn)),
		member("object ActualValue { get; }", ofException(func(e *dotnet.Exception) any { return e.Actual })),
	}
})

// disposedObject names the object that is disposed of; its name is kept as Param.
func disposedObject(name, message any) *dotnet.Exception {
	e := dotnet.NewException(disposedType, orText(message, disposedOwn))
	if e.Param = text(name); e.Param != "" {
		e.Message += "\nObject name: '" + e.Param + "'."
	}
	return e
}

var _ = declare("class "+disposedType+" : System.InvalidOperationException", func() []memberDecl {
	return []memberDecl{
		member("new(string objectName)", func(_ *Machine, a []any) (any, error) { return disposedObject(a[0], nil), nil }),
		member("new(string objectName, string message)", func(_ *Machine, a []any) (any, error) { return disposedObject(a[0], a[1]), nil }),
		member("new(string message, Exception innerException)", newExceptionOf(disposedType, disposedOwn)),
		member("string ObjectName { get; }", ofException(func(e *dotnet.Exception) any { return e.Param })),
	}
})

// renamed is an exception as one of another type.
func renamed(e *dotnet.Exception, fullName string) *dotnet.Exception {
	e.Type = fullName
	return e
}
