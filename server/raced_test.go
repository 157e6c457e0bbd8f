//go:build race

package server_test

// raced: the race detector makes all of it many times slower.
const raced = true
