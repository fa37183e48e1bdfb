// Package telemetry tells other programs how the gateway fares: [Metrics] are what a
// Prometheus server reads, and [Tracing] sends spans to an OpenTelemetry collector.
//
// Metrics count every request, also those that nobody records, so what is done for each
// statement is a few additions. They have no secret in them, and a bounded number of
// series: [Families] says of each by what.
//
// metrics.go, statements.go and emitted.go count, each into series of series.go, which gives
// readings: text.go writes them for Prometheus, producer.go for OpenTelemetry. Prometheus' own
// library would do so, but takes a start a twentieth of its time; the tests hold the text
// against it. otel.go and tracing.go are OpenTelemetry's SDK and the spans.
package telemetry
