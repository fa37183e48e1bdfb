// Package otlp sends what OpenTelemetry's SDK collects to a collector: OTLP over HTTP, with
// protobuf. It is two exporters of the SDK, [NewSpanExporter] and [NewMetricExporter], which
// take their settings from the variables of the specification.
//
// The exporters that come with the SDK do the same, but link gRPC and the generated types of
// all messages, which every start of the program would prepare, asked for or not: a fifteenth
// of its time. The tests hold these exporters against those: what they send has to be equal.
//
// environment.go reads the variables, client.go sends, decode.go reads answers, spans.go and
// metrics.go write messages with what encode.go has for both.
//
// Sources: OpenTelemetry Protocol Exporter (the variables), OTLP 1.9 (HTTP, failures, retries),
// opentelemetry-proto 1.9 (the numbers of fields).
package otlp
