package rush

import "context"

// watch has many follow one board on which shops change their offers.
func (w *work) watch(ctx context.Context) error {
	s := Step{Step: "watch", Over: w.Over, Buyers: w.Watchers}
	err := w.play(ctx, &s, part{durable: true, shops: called}, func(_ context.Context, c *cast) error {
		c.over = w.Over
		if err := c.connect(0, called); err != nil {
			return err
		}
		if err := c.buyers.tell("gather", gathering{desk: c.desk, Watchers: w.Watchers}, nil); err != nil {
			return err
		}
		w.Note("watch: %d follow one board, %d events", w.Watchers, w.Events)
		var h harvest
		return w.profiled(c, func() error {
			err := c.measure(&s, func() (int, error) {
				err := c.buyers.tell("stir", stirring{w.Events}, &h)
				return h.Answers, err
			})
			s.Heard = h.Whole
			return err
		})
	})
	if err != nil {
		return err
	}
	w.got.WatchCPUUS = s.serverUS()
	if s.Heard != nil {
		w.got.WatchLatestMS = s.Heard.P50
	}
	w.Note("watch: %.1f us of the server's CPU an event and watcher", w.got.WatchCPUUS)
	w.got.Steps = append(w.got.Steps, s)
	return nil
}
