// Package newtonsoft is Newtonsoft.Json's LINQ to JSON as policy expressions use
// it: JObject, JArray, JProperty, JValue and their kin, reading and writing JSON,
// JSONPath. It follows version 12: what is accepted, what is written, in which
// order, with which exceptions.
//
// A value in a JValue is represented as in package dotnet: an integer is an
// int64 (or *big.Int where it does not fit), a float a float64 or dotnet.Decimal,
// a date a dotnet.DateTime, null nil.
package newtonsoft
