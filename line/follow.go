package line

import (
	"context"
	"time"

	"outcry"
)

// queueSize is how many events wait for one receiver before it has to read them
// from the log.
const queueSize = 64

// read gives a receiver's events with numbers above after.
type read func(ctx context.Context, after int64, limit int) (events []outcry.Event, reset bool, err error)

// follower brings the events of a topic to one receiver.
type follower struct {
	ear  *Ear
	read read
	// send brings events on; beat keeps an idle connection open and moves the
	// receiver's cursor to where it has heard everything, so that a quiet
	// receiver does not fall behind a busy log.
	send func(events []outcry.Event) error
	beat func(past int64) error
	// reset says that the past is gone and from which number it goes on.
	reset    func(from int64) error
	every    time.Duration   // between beats
	draining <-chan struct{} // closed when the server stops
}

// follow brings every event after the cursor, in order, without gap or repeat,
// until ctx ends or the receiver is gone.
func (f *follower) follow(ctx context.Context, after int64) error {
	after, err := f.catchUp(ctx, after)
	if err != nil {
		return err
	}
	beat := time.NewTicker(f.every)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.draining:
			return nil
		case <-beat.C:
			if past, ok := f.ear.Past(); ok {
				after = max(after, past)
			}
			err = f.beat(after)
		case e := <-f.ear.C:
			after, err = f.take(after, e)
		}
		if err == nil && f.ear.missed.Load() {
			after, err = f.recover(ctx, after)
		}
		if err != nil {
			return err
		}
	}
}

// take sends an event and all that wait behind it.
func (f *follower) take(after int64, first outcry.Event) (int64, error) {
	events := []outcry.Event{first}
	for more := true; more && len(events) < queueSize; {
		select {
		case e := <-f.ear.C:
			events = append(events, e)
		default:
			more = false
		}
	}
	for len(events) > 0 && events[0].Seq <= after {
		events = events[1:]
	}
	if len(events) == 0 {
		return after, nil
	}
	return events[len(events)-1].Seq, f.send(events)
}

// recover reads from the log what did not fit into the queue.
func (f *follower) recover(ctx context.Context, after int64) (int64, error) {
	for {
		select {
		case <-f.ear.C:
			continue
		default:
		}
		break
	}
	f.ear.Missed()
	return f.catchUp(ctx, after)
}

// catchUp reads the log from the cursor to its end.
func (f *follower) catchUp(ctx context.Context, after int64) (int64, error) {
	for {
		events, reset, err := f.read(ctx, after, readPage)
		if err != nil {
			return after, err
		}
		if reset {
			end, err := f.ear.tail.log.LastSeq(ctx)
			if err != nil {
				return after, err
			}
			return end, f.reset(end)
		}
		if len(events) > 0 {
			after = events[len(events)-1].Seq
			if err := f.send(events); err != nil {
				return after, err
			}
		}
		if len(events) < readPage {
			return after, nil
		}
	}
}
