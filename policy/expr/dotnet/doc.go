// Package dotnet is the part of .NET's library that policy expressions use, as
// plain Go: numbers, dates, texts, regular expressions, hashing, as .NET Core
// under the invariant culture and UTC has them. It knows nothing of C#'s syntax
// or type checker; package expr puts the two together.
//
// A .NET value is this Go value:
//
//	bool, sbyte, byte, short, int, uint, long, ulong    bool, int8, uint8, int16, int32, uint32, int64, uint64
//	ushort, char                                        uint16, Char
//	float, double, decimal                              float32, float64, Decimal
//	string                                              string, in WTF-8 (below)
//	DateTime, DateTimeOffset, TimeSpan, Guid            DateTime, DateTimeOffset, TimeSpan, Guid
//	null                                                nil
//
// A .NET string is UTF-16. Here it is a Go string in WTF-8: UTF-8, but a lone
// surrogate is encoded in three bytes like any other unit. Lengths and indexes
// count UTF-16 units, as in .NET; for ASCII, the usual case, they are bytes.
//
// What .NET throws, functions return as an error of type *Exception.
package dotnet
