// Package telemetry tells other programs how the gateway fares: [Metrics] are what a
// Prometheus server reads, and [Tracing] sends spans to an OpenTelemetry collector.
//
// Metrics count every request, also those that nobody records, so what is done for each
// statement is a few additions. They have no secret in them, and a bounded number of
// series: [Families] says of each by what.
package telemetry
