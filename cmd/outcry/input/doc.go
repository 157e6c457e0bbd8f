// Package input reads what people write on a command line: places, distances,
// amounts, spans of time and moments. Each error says what to write instead.
package input
