package policy

import "github.com/apimulator/apimulator/policy/exchange"

// Sinks take what policies tell the world outside of the request: metrics and events.
// Neither call waits for who reads them, and neither keeps the exchange.
type Sinks interface {
	// Metric takes one measurement.
	Metric(x *exchange.Exchange, m Metric)
	// Event takes a message for an event hub.
	Event(x *exchange.Exchange, e Event)
}

// Emit gives a measurement to the sinks, if there are any.
func (r *Run) Emit(m Metric) {
	if r.Env.Sinks != nil {
		r.Env.Sinks.Metric(r.Exchange, m)
	}
}

// Log gives an event to the sinks, if there are any.
func (r *Run) Log(e Event) {
	if r.Env.Sinks != nil {
		r.Env.Sinks.Event(r.Exchange, e)
	}
}

// Metric is one measurement of emit-metric or of one of the token metrics.
type Metric struct {
	Name, Namespace string
	Value           float64
	// Dimensions are in the order of the document.
	Dimensions []Dimension
}

// Dimension is what a measurement belongs to.
type Dimension struct{ Name, Value string }

// Event is a message of log-to-eventhub.
type Event struct {
	// Logger is the id of the service's logger.
	Logger string
	// PartitionKey and PartitionID say to which partition it goes; both "" leave that
	// to the hub.
	PartitionKey, PartitionID string
	Body                      []byte
}
