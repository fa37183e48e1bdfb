package dotnet

import "testing"

func BenchmarkFormatInteger(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if s, err := FormatInteger(int32(-1234567), ""); err != nil || s != "-1234567" {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkFormatIntegerGroups(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if s, err := FormatInteger(int32(-1234567), "N0"); err != nil || s != "-1,234,567" {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkFormatDouble(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if s, err := FormatDouble(1234.5678, ""); err != nil || s != "1234.5678" {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkFormatDoubleCustom(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if s, err := FormatDouble(1234.5678, "#,##0.00"); err != nil || s != "1,234.57" {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkParseInteger(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if v, err := ParseInteger[int32]("-1234567", NumberStylesInteger); err != nil || v != -1234567 {
			b.Fatal(v, err)
		}
	}
}

func BenchmarkParseDouble(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if v, err := ParseDouble("1234.5678", NumberStylesFloat); err != nil || v != 1234.5678 {
			b.Fatal(v, err)
		}
	}
}

func BenchmarkDecimal(b *testing.B) {
	price, rate := decimal("19.99"), decimal("1.0825")
	b.ReportAllocs()
	for b.Loop() {
		if product, err := price.Multiply(rate); err != nil || product.String() != "21.639175" {
			b.Fatal(product, err)
		}
	}
}

func BenchmarkParseDateTime(b *testing.B) {
	for _, s := range []string{"2024-01-05T10:30:45.123Z", "2024-01-05", "Fri, 05 Jan 2024 10:30:45 GMT", "1/5/2024 10:30 AM"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseDateTime(s, DateTimeStylesNone, testClock); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFormatDateTime(b *testing.B) {
	t := parsed(NewDateTime(638405550451234567, KindUtc))
	for _, format := range []string{"", "o", "yyyy-MM-ddTHH:mm:ssZ"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.ToString(format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompositeFormat(b *testing.B) {
	args := []any{int32(42), "text", 1.5}
	b.ReportAllocs()
	for b.Loop() {
		if s, err := CompositeFormat("{0:D4}-{1,6}:{2:F2}", args, FormatValue); err != nil || s != "0042-  text:1.50" {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkPow(b *testing.B) {
	for b.Loop() {
		if v := Pow(1.1, 7.5); v < 2 {
			b.Fatal(v)
		}
	}
}
