package line

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"outcry"
)

// queueSize is how many events wait for one receiver before it has to read them
// from the log.
const queueSize = 256

// read gives a receiver's events with numbers above after.
type read func(ctx context.Context, after int64, limit int) (events []outcry.Event, reset bool, err error)

// sink is a connection as its receiver writes to it. What is put is sent by
// flush, all at once. Only the receiver's pump calls it.
type sink interface {
	// put adds what is to be told of an event, if anything.
	put(ctx context.Context, n *News) error
	// reset adds that the past is gone and from which number it goes on.
	reset(from int64) error
	// beat adds a sign of life, and the cursor up to which all was told.
	beat(past int64) error
	flush() error
	// close ends the connection; why may be shown to the other side.
	close(why error)
}

// receiver brings the events of a topic to one connection: every one after its
// cursor, in order, without gap or repeat. While there is nothing to tell it
// costs no goroutine: whatever wakes it starts its pump, which ends when all is
// told.
type receiver struct {
	line *Line
	ear  *Ear
	read read
	out  sink
	ctx  context.Context //nolint:containedctx // of the connection
	// still says after each stillEvery beats whether the other side may go on
	// listening; nil: it may.
	still func(context.Context) error

	mu      sync.Mutex
	begun   bool // it may be told
	pumping bool
	woken   bool // since the pump has last looked
	due     bool // a beat is
	ended   bool
	why     error
	timer   *time.Timer
	gone    chan struct{} // closed at the end

	// Of the pump:
	after  int64 // up to here everything was told
	caught bool  // up with the log
	beats  int
}

// errBarred ends the line of a caller who may no longer hear it.
var errBarred = errors.New("this key may no longer hear the shop's calls")

// errDraining ends the connections of a server that stops.
var errDraining = errors.New("the server stops; come again")

// ready lets the pump begin, or ends what was ended before.
func (r *receiver) ready() {
	r.mu.Lock()
	r.begun = true
	over := r.ended
	r.mu.Unlock()
	if over {
		r.finish()
		return
	}
	r.wake()
}

// wake has the pump look.
func (r *receiver) wake() {
	r.mu.Lock()
	r.woken = true
	start := r.begun && !r.pumping && !r.ended
	r.pumping = r.pumping || start
	r.mu.Unlock()
	if start {
		r.line.crew.run(r.pump)
	}
}

// beat has the pump show that the connection lives.
func (r *receiver) beat() {
	r.mu.Lock()
	r.due = true
	r.mu.Unlock()
	r.wake()
}

// end ends the connection, once. Who calls it may not hold the tail's lock.
func (r *receiver) end(why error) {
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return
	}
	r.ended, r.why = true, why
	idle := r.begun && !r.pumping
	r.mu.Unlock()
	if idle {
		r.finish()
	}
}

// finish gives back what the receiver holds.
func (r *receiver) finish() {
	r.timer.Stop()
	r.ear.Close()
	r.out.close(r.why)
	r.line.leave(r)
	close(r.gone)
}

// pump tells what there is to tell.
func (r *receiver) pump() {
	var err error
	for {
		beat, on, over := r.next(err)
		switch {
		case over:
			r.finish()
			return
		case !on:
			return
		}
		runtime.Gosched() // what else comes at once goes with it
		err = r.tell(beat)
	}
}

// next says what the pump has to do now: on is false when that is nothing, over
// when the connection has ended. err is what became of the last time.
func (r *receiver) next(err error) (beat, on, over bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && !r.ended {
		r.ended, r.why = true, err
	}
	beat, on = r.due, r.woken || r.due
	r.woken, r.due = false, false
	if r.ended || !on {
		r.pumping = false
	}
	return beat, on, r.ended
}

// tell tells what waits in the ear, and what has to be read from the log.
func (r *receiver) tell(beat bool) error {
	if !r.caught {
		r.caught = true
		if err := r.catchUp(); err != nil {
			return err
		}
	}
	news, missed := r.ear.Take()
	for _, n := range news {
		if n.Seq <= r.after {
			continue
		}
		if err := r.out.put(r.ctx, n); err != nil {
			return err
		}
		r.after = n.Seq
	}
	if missed {
		if err := r.catchUp(); err != nil {
			return err
		}
	}
	if beat {
		if err := r.alive(); err != nil {
			return err
		}
	}
	return r.out.flush()
}

// stillEvery is after how many beats it is asked whether the other side may
// still listen.
const stillEvery = 4

// alive shows that the connection lives, and moves its cursor to where it has
// heard everything, so that a quiet receiver does not fall behind a busy log.
func (r *receiver) alive() error {
	if r.beats++; r.still != nil && r.beats%stillEvery == 0 {
		switch err := r.still(r.ctx); outcry.KindOf(err) {
		case outcry.Unauthorized, outcry.Forbidden, outcry.NotFound:
			return errBarred
		default: // a fault of the server's is not the listener's
		}
	}
	if past, ok := r.ear.Past(); ok {
		r.after = max(r.after, past)
	}
	r.timer.Reset(beatEvery)
	return r.out.beat(r.after)
}

// catchUp reads the log from the cursor to its end.
func (r *receiver) catchUp() error {
	for {
		events, reset, err := r.read(r.ctx, r.after, readPage)
		if err != nil {
			return err
		}
		if reset {
			end, err := r.line.Tail.log.LastSeq(r.ctx)
			if err != nil {
				return err
			}
			r.after = end
			return r.out.reset(end)
		}
		for i := range events {
			if err := r.out.put(r.ctx, &News{Event: events[i]}); err != nil {
				return err
			}
			r.after = events[i].Seq
		}
		if len(events) < readPage {
			return nil
		}
		if err := r.out.flush(); err != nil { // not all in memory
			return err
		}
	}
}
