package service_test

import (
	"testing"

	"github.com/apimulator/apimulator/internal/service"
)

func TestSubscriptionOpens(t *testing.T) {
	gold, silver := &service.Product{}, &service.Product{}
	orders := &service.API{Products: []*service.Product{gold}}
	stock := &service.API{Products: []*service.Product{gold, silver}}
	tests := []struct {
		name          string
		subscription  service.Subscription
		orders, stock bool
	}{
		{"to all APIs", service.Subscription{}, true, true},
		{"to an API", service.Subscription{API: stock}, false, true},
		{"to a product of both", service.Subscription{Product: gold}, true, true},
		{"to a product of one", service.Subscription{Product: silver}, false, true},
	}
	for _, test := range tests {
		if a, b := test.subscription.Opens(orders), test.subscription.Opens(stock); a != test.orders || b != test.stock {
			t.Errorf("a subscription %s opens orders %t, stock %t; want %t, %t", test.name, a, b, test.orders, test.stock)
		}
	}
}

func TestOpenProduct(t *testing.T) {
	closed, open := &service.Product{SubscriptionRequired: true}, &service.Product{}
	for _, test := range []struct {
		name     string
		products []*service.Product
		want     *service.Product
	}{
		{"in no product", nil, nil},
		{"in a product with keys", []*service.Product{closed}, nil},
		{"in an open product too", []*service.Product{closed, open}, open},
	} {
		a := &service.API{Products: test.products}
		if got := a.OpenProduct(); got != test.want {
			t.Errorf("OpenProduct of an API %s = %p; want %p", test.name, got, test.want)
		}
	}
}
