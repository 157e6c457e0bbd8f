package rush

import (
	"context"
	"fmt"
)

// idle connects many shops that are not called, and looks at the server's memory
// before and after.
func (w *work) idle(ctx context.Context) error {
	s := Step{Step: "idle", Over: w.Over}
	err := w.play(ctx, &s, part{durable: true, shops: w.Idle}, func(ctx context.Context, c *cast) error {
		c.over = w.Over
		first := min(w.Idle/10, 100) // what the server makes once it has made for them
		if err := c.connect(0, first); err != nil {
			return err
		}
		before, err := c.settled(ctx)
		if err != nil {
			return err
		}
		err = w.profiled(c, func() error {
			return c.measure(&s, func() (int, error) { return w.Idle - first, c.connect(first, w.Idle) })
		})
		if err != nil {
			return err
		}
		after, err := c.settled(ctx)
		if err != nil {
			return err
		}
		s.Calls = &Tally{}
		if err := c.shops.tell("tally", nil, s.Calls); err != nil {
			return err
		}
		if s.Calls.Lost > 0 {
			return fmt.Errorf("%d of %d connections broke: %s", s.Calls.Lost, w.Idle, s.Calls.Problem)
		}
		each := 1024 * float64(w.Idle-first)
		w.got.ShopKB = float64(after.RSS-before.RSS) / each
		w.got.ShopHeapKB = float64(after.Heap+after.Stacks-before.Heap-before.Stacks) / each
		return nil
	})
	if err != nil {
		return err
	}
	w.Note("idle: %.1f KB each of %d shops", w.got.ShopKB, w.Idle)
	w.got.Steps = append(w.got.Steps, s)
	return nil
}
