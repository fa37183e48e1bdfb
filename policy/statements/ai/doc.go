// Package ai holds the statements that know the form of requests to language
// models: they count their tokens, answer alike questions from a cache and look
// for what is harmful.
package ai
