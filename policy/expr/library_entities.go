package expr

import (
	"cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

// entity is a value of the context that has properties only: one of exchange's
// views, under the interface that APIM shows it by.
type entity[T any] struct{ of *T }

// name is the interface that the view is shown by.
func (e *entity[T]) name() string {
	switch any(e.of).(type) {
	case *exchange.API:
		return "IContextApi"
	case *keyNames:
		return "ISubscriptionKeyParameterNames"
	case *exchange.Operation:
		return "IOperation"
	case *exchange.Product:
		return "IProduct"
	case *exchange.Group:
		return "IGroup"
	case *exchange.Subscription:
		return "ISubscription"
	case *exchange.User:
		return "IUser"
	case *exchange.Identity:
		return "IUserIdentity"
	case *exchange.Deployment:
		return "IDeployment"
	case *exchange.LastError:
		return "ILastError"
	case *exchange.PrivateEndpointConnection:
		return "IPrivateEndpointConnection"
	case *exchange.VnetInfo:
		return "IAzureVnetInfo"
	case *exchange.JWT:
		return "Jwt"
	case *exchange.Authorization:
		return "Authorization"
	case *basicCredentials:
		return "BasicAuthCredentials"
	}
	panic("expr: an entity without an interface")
}

// DotnetType is part of Object.
func (e *entity[T]) DotnetType() *Type { return typeOf(e.name()) }

// EqualTo is part of Equaler: two of the same view are the same object.
func (e *entity[T]) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*entity[T])
	return ok && o.of == e.of, nil
}

// newEntity shows a view; null if there is none.
func newEntity[T any](of *T) any {
	if of == nil {
		return nil
	}
	return &entity[T]{of}
}

// property declares a property of an entity.
func property[T any](signature string, get func(of *T) any) memberDecl {
	return contextProperty(signature, func(e *entity[T]) any { return get(e.of) })
}

// keyNames are where an API looks for a subscription key.
type keyNames struct{ header, query string }

var (
	_ = declare("interface IApi", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(a *exchange.API) any { return a.ID }),
			property("string Name", func(a *exchange.API) any { return a.Name }),
			property("string Path", func(a *exchange.API) any { return a.Path }),
			property("IEnumerable<string> Protocols", func(a *exchange.API) any { return texts(a.Protocols) }),
			property("IUrl ServiceUrl", func(a *exchange.API) any { return urlOf(a.ServiceURL) }),
			property("ISubscriptionKeyParameterNames SubscriptionKeyParameterNames", func(a *exchange.API) any {
				return newEntity(&keyNames{a.SubscriptionHeader, a.SubscriptionQuery})
			}),
		}
	})
	_ = declare("interface IContextApi : IApi", func() []memberDecl {
		return []memberDecl{
			property("string Revision", func(a *exchange.API) any { return a.Revision }),
			property("string Version", func(a *exchange.API) any { return textOrNull(a.Version) }),
			property("bool IsCurrentRevision", func(a *exchange.API) any { return a.IsCurrentRevision }),
		}
	})
	_ = declare("interface ISubscriptionKeyParameterNames", func() []memberDecl {
		return []memberDecl{
			property("string Header", func(n *keyNames) any { return n.header }),
			property("string Query", func(n *keyNames) any { return n.query }),
		}
	})
	_ = declare("interface IOperation", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(o *exchange.Operation) any { return o.ID }),
			property("string Name", func(o *exchange.Operation) any { return o.Name }),
			property("string Method", func(o *exchange.Operation) any { return o.Method }),
			property("string UrlTemplate", func(o *exchange.Operation) any { return o.URLTemplate }),
		}
	})
)

var (
	_ = declareEnum("enum ProductState", EnumValue{"NotPublished", 0}, EnumValue{"Published", 1})
	_ = declare("interface IProduct", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(p *exchange.Product) any { return p.ID }),
			property("string Name", func(p *exchange.Product) any { return p.Name }),
			property("bool ApprovalRequired", func(p *exchange.Product) any { return p.ApprovalRequired }),
			property("bool SubscriptionRequired", func(p *exchange.Product) any { return p.SubscriptionRequired }),
			property("int? SubscriptionLimit", func(p *exchange.Product) any {
				if p.SubscriptionLimit == nil {
					return nil
				}
				return int32(*p.SubscriptionLimit)
			}),
			property("ProductState State", func(p *exchange.Product) any {
				if p.Published {
					return EnumObject{typeOf("ProductState"), 1}
				}
				return EnumObject{typeOf("ProductState"), 0}
			}),
			property("IEnumerable<IGroup> Groups", func(p *exchange.Product) any { return entities("IGroup", p.Groups) }),
			property("IEnumerable<IApi> Apis", func(p *exchange.Product) any {
				list := make([]any, len(p.APIs))
				for i, a := range p.APIs {
					list[i] = newEntity(a)
				}
				return NewArray(typeOf("IApi"), list)
			}),
		}
	})
	_ = declare("interface IGroup", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(g *exchange.Group) any { return g.ID }),
			property("string Name", func(g *exchange.Group) any { return g.Name }),
		}
	})
)

var (
	_ = declare("interface ISubscription", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(s *exchange.Subscription) any { return s.ID }),
			property("string Name", func(s *exchange.Subscription) any { return s.Name }),
			property("string Key", func(s *exchange.Subscription) any { return cmp.Or(s.Key, s.PrimaryKey) }),
			property("string PrimaryKey", func(s *exchange.Subscription) any { return s.PrimaryKey }),
			property("string SecondaryKey", func(s *exchange.Subscription) any { return s.SecondaryKey }),
			property("DateTime CreatedDate", func(s *exchange.Subscription) any { return dateTime(s.CreatedDate) }),
			property("DateTime? StartDate", func(s *exchange.Subscription) any { return date(s.StartDate) }),
			property("DateTime? EndDate", func(s *exchange.Subscription) any { return date(s.EndDate) }),
		}
	})
	_ = declare("interface IUser", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(u *exchange.User) any { return u.ID }),
			property("string Email", func(u *exchange.User) any { return u.Email }),
			property("string FirstName", func(u *exchange.User) any { return u.FirstName }),
			property("string LastName", func(u *exchange.User) any { return u.LastName }),
			property("string Note", func(u *exchange.User) any { return u.Note }),
			property("DateTime RegistrationDate", func(u *exchange.User) any { return dateTime(u.RegistrationDate) }),
			property("IEnumerable<IGroup> Groups", func(u *exchange.User) any { return entities("IGroup", u.Groups) }),
			property("IEnumerable<IUserIdentity> Identities", func(u *exchange.User) any { return entities("IUserIdentity", u.Identities) }),
		}
	})
	_ = declare("interface IUserIdentity", func() []memberDecl {
		return []memberDecl{
			property("string Id", func(i *exchange.Identity) any { return i.ID }),
			property("string Provider", func(i *exchange.Identity) any { return i.Provider }),
		}
	})
	_ = declare("interface IDeployment", func() []memberDecl {
		return []memberDecl{
			property("string GatewayId", func(d *exchange.Deployment) any { return d.GatewayID }),
			property("string Region", func(d *exchange.Deployment) any { return d.Region }),
			property("string ServiceId", func(d *exchange.Deployment) any { return d.ServiceID }),
			property("string ServiceName", func(d *exchange.Deployment) any { return d.ServiceName }),
		}
	})
	_ = declare("interface ILastError", func() []memberDecl {
		return []memberDecl{
			property("string Source", func(e *exchange.LastError) any { return e.Source }),
			property("string Reason", func(e *exchange.LastError) any { return e.Reason }),
			property("string Message", func(e *exchange.LastError) any { return e.Message }),
			property("string Scope", func(e *exchange.LastError) any { return e.Scope }),
			property("string Section", func(e *exchange.LastError) any { return e.Section }),
			property("string Path", func(e *exchange.LastError) any { return e.Path }),
			property("string PolicyId", func(e *exchange.LastError) any { return e.PolicyID }),
			property("int HttpErrorCode", func(e *exchange.LastError) any { return int32(e.HTTPErrorCode) }),
		}
	})
	_ = declare("interface IPrivateEndpointConnection", func() []memberDecl {
		return []memberDecl{
			property("string Name", func(p *exchange.PrivateEndpointConnection) any { return p.Name }),
			property("string GroupId", func(p *exchange.PrivateEndpointConnection) any { return p.GroupID }),
			property("string MemberName", func(p *exchange.PrivateEndpointConnection) any { return p.MemberName }),
		}
	})
	_ = declare("interface IAzureVnetInfo", func() []memberDecl {
		return []memberDecl{
			property("int VnetTrafficTag", func(v *exchange.VnetInfo) any { return v.TrafficTag }),
			property("int SubnetId", func(v *exchange.VnetInfo) any { return v.SubnetID }),
			property("int PrivateLinkId", func(v *exchange.VnetInfo) any { return v.PrivateLinkID }),
			property("string SnatVip", func(v *exchange.VnetInfo) any { return textOrNull(v.SNATAddress) }),
		}
	})
)

// entities are an array of views.
func entities[T any](name string, list []T) *ArrayObject {
	elems := make([]any, len(list))
	for i := range list {
		elems[i] = newEntity(&list[i])
	}
	return NewArray(typeOf(name), elems)
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
