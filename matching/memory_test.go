package matching_test

import (
	"context"
	"time"

	"outcry"
	"outcry/policy"
)

func (j *journal) CallsSince(_ context.Context, at time.Time, each func(string, time.Time) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.events {
		if e.Wave == nil || e.At.Before(at) {
			continue
		}
		for _, c := range e.Wave.Calls {
			if err := each(c.Shop, e.At); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *journal) EachLearned(_ context.Context, each func(outcry.Learned) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, row := range j.learned {
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (j *journal) SaveLearned(_ context.Context, rows []outcry.Learned, upTo int64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return j.fail
	}
	for _, row := range rows {
		j.learned[row.Subject] = row
	}
	j.upTo = max(j.upTo, upTo)
	return nil
}

func (j *journal) LearnedUpTo(context.Context) (int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.upTo, nil
}

func (j *journal) Lessons(_ context.Context, after int64, limit int) (found []outcry.Event, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.events {
		if (e.Closing != nil || e.Order != nil) && e.Seq > after && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, nil
}

// onePolicy is a policy of which there is one version.
type onePolicy struct{ rules *policy.Rules }

func (p onePolicy) Now() *policy.Rules                             { return p.rules }
func (p onePolicy) At(context.Context, int) (*policy.Rules, error) { return p.rules, nil }

// by compiles a policy that a test has made.
func compiled(p policy.Policy) onePolicy {
	rules, err := policy.Compile(p)
	if err != nil {
		panic(err)
	}
	return onePolicy{rules}
}
