// Package crossdomain holds the statements that let the pages of other sites call.
package crossdomain
