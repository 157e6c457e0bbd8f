package dial

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"outcry/wire"
)

// Pages gives the items of a list, page after page, until the last one or until
// the caller breaks off. An error ends it.
func Pages[T any](ctx context.Context, c Caller, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query := maps.Clone(query)
		if query == nil {
			query = url.Values{}
		}
		for {
			var page wire.Items[T]
			if err := c.Do(ctx, Call{Method: http.MethodGet, Path: path, Query: query}, &page); err != nil {
				var none T
				yield(none, err)
				return
			}
			for item := range slices.Values(page.Items) {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			query.Set("after", page.Next)
		}
	}
}
