package trial

import (
	"context"
	"fmt"
	"log/slog"

	"outcry"
	"outcry/policy"
)

// memory keeps nothing of what was learned: a trial's market never starts again.
type memory struct{}

// EachLearned gives nothing.
func (memory) EachLearned(context.Context, func(outcry.Learned) error) error { return nil }

// SaveLearned keeps nothing.
func (memory) SaveLearned(context.Context, []outcry.Learned, int64) error { return nil }

// LearnedUpTo is before the first event.
func (memory) LearnedUpTo(context.Context) (int64, error) { return 0, nil }

// Lessons are none.
func (memory) Lessons(context.Context, int64, int) ([]outcry.Event, error) { return nil, nil }

// anything is a tree and forms in which every code stands alone and every
// attribute will do.
type anything struct{}

// Ancestors are a code and those above it: itself.
func (anything) Ancestors(code outcry.Code) []outcry.Code { return []outcry.Code{code} }

// Around are a code and those above and below it: itself.
func (anything) Around(code outcry.Code) []outcry.Code { return []outcry.Code{code} }

// CheckOffer finds nothing wrong.
func (anything) CheckOffer(outcry.Code, []byte, string) error { return nil }

// always is one policy in force.
type always struct{ rules *policy.Rules }

// Now is the policy in force.
func (a always) Now() *policy.Rules { return a.rules }

// At is the same, whatever the version.
func (a always) At(context.Context, int) (*policy.Rules, error) { return a.rules, nil }

// alarm keeps the first thing that a market logs as wrong: a trial in which a
// turn fails measures nothing.
type alarm struct{ first *error }

// Enabled says that warnings and errors are heard.
func (a alarm) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle keeps the first record.
func (a alarm) Handle(_ context.Context, r slog.Record) error {
	if *a.first == nil {
		err := fmt.Errorf("the market says: %s", r.Message)
		r.Attrs(func(at slog.Attr) bool {
			err = fmt.Errorf("%w, %s", err, at)
			return true
		})
		*a.first = err
	}
	return nil
}

// WithAttrs keeps no attributes.
func (a alarm) WithAttrs([]slog.Attr) slog.Handler { return a }

// WithGroup keeps no group.
func (a alarm) WithGroup(string) slog.Handler { return a }
