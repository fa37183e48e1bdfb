package expr

import (
	"cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

// The entities of context are records: a type's name and the values of its
// properties.

func apiRecord(a *exchange.API) any {
	if a == nil {
		return nil
	}
	return &contextRecord{"IContextApi", map[string]any{
		"Id": a.ID, "Name": a.Name, "Path": a.Path, "Revision": a.Revision, "Version": textOrNull(a.Version),
		"IsCurrentRevision": a.IsCurrentRevision, "Protocols": texts(a.Protocols), "ServiceUrl": urlOf(a.ServiceURL),
		"SubscriptionKeyParameterNames": &contextRecord{"ISubscriptionKeyParameterNames", map[string]any{
			"Header": a.SubscriptionHeader, "Query": a.SubscriptionQuery,
		}},
	}}
}

// textOrNull is a text, null if it is empty.
func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func urlOf(s string) any {
	u, err := exchange.ParseURL(s)
	if err != nil {
		return nil
	}
	return &urlObject{u: u}
}

func operationRecord(o *exchange.Operation) any {
	if o == nil {
		return nil
	}
	return &contextRecord{"IOperation", map[string]any{"Id": o.ID, "Name": o.Name, "Method": o.Method, "UrlTemplate": o.URLTemplate}}
}

func productRecord(p *exchange.Product) any {
	if p == nil {
		return nil
	}
	state := int64(0)
	if p.Published {
		state = 1
	}
	var limit any
	if p.SubscriptionLimit != nil {
		limit = int32(*p.SubscriptionLimit)
	}
	apis := make([]any, len(p.APIs))
	for i, a := range p.APIs {
		apis[i] = apiRecord(a)
	}
	return &contextRecord{"IProduct", map[string]any{
		"Id": p.ID, "Name": p.Name, "ApprovalRequired": p.ApprovalRequired, "SubscriptionRequired": p.SubscriptionRequired,
		"SubscriptionLimit": limit, "State": EnumObject{typeOf("ProductState"), state}, "Groups": groups(p.Groups),
		"Apis": NewArray(typeOf("IApi"), apis),
	}}
}

func groups(list []exchange.Group) *ArrayObject {
	records := make([]any, len(list))
	for i, g := range list {
		records[i] = &contextRecord{"IGroup", map[string]any{"Id": g.ID, "Name": g.Name}}
	}
	return NewArray(typeOf("IGroup"), records)
}

func subscriptionRecord(x *exchange.Exchange) any {
	s := x.Subscription
	if s == nil {
		return nil
	}
	return &contextRecord{"ISubscription", map[string]any{
		"Id": s.ID, "Name": s.Name, "Key": cmp.Or(s.Key, s.PrimaryKey), "PrimaryKey": s.PrimaryKey, "SecondaryKey": s.SecondaryKey,
		"CreatedDate": dateTime(s.CreatedDate), "StartDate": date(s.StartDate), "EndDate": date(s.EndDate),
	}}
}

func userRecord(u *exchange.User) any {
	if u == nil {
		return nil
	}
	identities := make([]any, len(u.Identities))
	for i, id := range u.Identities {
		identities[i] = &contextRecord{"IUserIdentity", map[string]any{"Id": id.ID, "Provider": id.Provider}}
	}
	return &contextRecord{"IUser", map[string]any{
		"Id": u.ID, "Email": u.Email, "FirstName": u.FirstName, "LastName": u.LastName, "Note": u.Note,
		"RegistrationDate": dateTime(u.RegistrationDate), "Groups": groups(u.Groups), "Identities": NewArray(typeOf("IUserIdentity"), identities),
	}}
}

func deploymentRecord(d *exchange.Deployment) any {
	if d == nil {
		return nil
	}
	return &contextRecord{"IDeployment", map[string]any{
		"GatewayId": d.GatewayID, "Region": d.Region, "ServiceId": d.ServiceID, "ServiceName": d.ServiceName,
	}}
}

func lastErrorRecord(e *exchange.LastError) any {
	if e == nil {
		return nil
	}
	return &contextRecord{"ILastError", map[string]any{
		"Source": e.Source, "Reason": e.Reason, "Message": e.Message, "Scope": e.Scope, "Section": e.Section, "Path": e.Path, "PolicyId": e.PolicyID,
	}}
}

// property declares a property of a record.
func property(t, name string) memberDecl {
	return member(t+" "+name+" { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*contextRecord).values[name], nil })
}

var (
	_ = declare("interface IApi", property("string", "Id"), property("string", "Name"), property("string", "Path"),
		property("IEnumerable<string>", "Protocols"), property("IUrl", "ServiceUrl"), property("ISubscriptionKeyParameterNames", "SubscriptionKeyParameterNames"))
	_ = declare("interface IContextApi : IApi", property("string", "Revision"), property("string", "Version"), property("bool", "IsCurrentRevision"))
	_ = declare("interface ISubscriptionKeyParameterNames", property("string", "Header"), property("string", "Query"))
	_ = declare("interface IOperation", property("string", "Id"), property("string", "Name"), property("string", "Method"), property("string", "UrlTemplate"))
	_ = declareEnum("enum ProductState", EnumValue{"NotPublished", 0}, EnumValue{"Published", 1})
	_ = declare("interface IProduct", property("string", "Id"), property("string", "Name"), property("bool", "ApprovalRequired"),
		property("bool", "SubscriptionRequired"), property("int?", "SubscriptionLimit"), property("ProductState", "State"),
		property("IEnumerable<IGroup>", "Groups"), property("IEnumerable<IApi>", "Apis"))
	_ = declare("interface IGroup", property("string", "Id"), property("string", "Name"))
	_ = declare("interface ISubscription", property("string", "Id"), property("string", "Name"), property("string", "Key"), property("string", "PrimaryKey"),
		property("string", "SecondaryKey"), property("DateTime", "CreatedDate"), property("DateTime?", "StartDate"), property("DateTime?", "EndDate"))
	_ = declare("interface IUser", property("string", "Id"), property("string", "Email"), property("string", "FirstName"), property("string", "LastName"),
		property("string", "Note"), property("DateTime", "RegistrationDate"), property("IEnumerable<IGroup>", "Groups"),
		property("IEnumerable<IUserIdentity>", "Identities"))
	_ = declare("interface IUserIdentity", property("string", "Id"), property("string", "Provider"))
	_ = declare("interface IDeployment", property("string", "GatewayId"), property("string", "Region"), property("string", "ServiceId"), property("string", "ServiceName"))
	_ = declare("interface ILastError", property("string", "Source"), property("string", "Reason"), property("string", "Message"), property("string", "Scope"),
		property("string", "Section"), property("string", "Path"), property("string", "PolicyId"))
)
