package wire

// Items is one page of a list.
type Items[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor of the next page; "" on the last one.
	Next string `json:"next,omitempty" doc:"the cursor of the next page, given as ?after=; missing on the last page"`
}

// ItemsOf makes a page, each item by show.
func ItemsOf[S, T any](from []S, next string, show func(S) T) Items[T] {
	p := Items[T]{Items: make([]T, len(from)), Next: next}
	for i, x := range from {
		p.Items[i] = show(x)
	}
	return p
}

// Texts are words of a kind as plain strings, never nil.
func Texts[S ~string](from []S) []string {
	out := make([]string, len(from))
	for i, s := range from {
		out[i] = string(s)
	}
	return out
}

// Words are plain strings as those of a kind; nil stays nil.
func Words[S ~string](from []string) []S {
	if from == nil {
		return nil
	}
	out := make([]S, len(from))
	for i, s := range from {
		out[i] = S(s)
	}
	return out
}
