package exchange

// The types here are read-only views of the service's entities, as
// context.Api, context.Operation and so on show them to a policy.

// API is context.Api.
type API struct {
	ID, Name, Path, Version, Revision string
	ServiceURL                        string
	// SubscriptionHeader and SubscriptionQuery are where the API looks for a
	// subscription key.
	SubscriptionHeader, SubscriptionQuery string
}

// Operation is context.Operation.
type Operation struct {
	ID, Name, Method, URLTemplate string
	// TemplateQuery are the query parameters that URLTemplate names.
	TemplateQuery []string
}

// Product is context.Product.
type Product struct{ ID, Name string }

// Subscription is context.Subscription. Keys are not part of it.
type Subscription struct{ ID, Name string }

// User is context.User.
type User struct{ ID, Email, FirstName, LastName string }

// Deployment is context.Deployment.
type Deployment struct{ ServiceName, GatewayID, Region string }
