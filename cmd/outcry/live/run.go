package live

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/buyer"
	"outcry/wire"
)

// Buyer is what the view asks of the market; buyer.Client is one.
type Buyer interface {
	Watch(ctx context.Context, request string, after int64) iter.Seq2[buyer.Event, error]
	Board(ctx context.Context, request string, by outcry.Rank) (wire.Board, error)
	Signal(ctx context.Context, code string) (wire.Signal, error)
	Withdraw(ctx context.Context, request string) (wire.Request, error)
	Extend(ctx context.Context, request string, e wire.Extension) (wire.Request, error)
	Widen(ctx context.Context, request string, w wire.Widening) (wire.Request, error)
	Accept(ctx context.Context, offer string, version int, contact string) (wire.Order, error)
	Order(ctx context.Context, id string) (wire.Order, error)
	Complete(ctx context.Context, order string) (wire.Order, error)
	Rate(ctx context.Context, order string, stars int, text string) (wire.Rating, error)
}

var _ Buyer = (*buyer.Client)(nil)

// Screen is where and what to show.
type Screen struct {
	In      io.Reader
	Out     io.Writer
	Request wire.Request // as it was answered when it was asked
	Name    string       // of its code
	Contact string       // given to the shop with an acceptance
}

// Start is the model of a request that was just asked. bind makes work that
// speaks to the server run beside the view; clock is this machine's.
func Start(s Screen, b Buyer, bind func(func(context.Context) tea.Msg) tea.Cmd, clock func() time.Time) Model {
	return Model{
		State: State{
			Board: wire.Board{Request: s.Request}, Name: s.Name, Rank: s.Request.Rank,
			Was: map[string]outcry.Money{}, Names: map[string]string{},
		},
		buyer: b, contact: s.Contact, bind: bind, clock: clock, width: 80, atLoss: -1,
		skew: time.Time(s.Request.CreatedAt).Sub(clock()),
	}
}

// Run shows a request live until its buyer leaves, and gives the last state. It
// leaves the last picture on the terminal. Its error is what ended the watch, or
// ctx's.
func Run(ctx context.Context, s Screen, b Buyer) (State, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	bind := func(work func(context.Context) tea.Msg) tea.Cmd {
		return func() tea.Msg { return work(ctx) }
	}
	p := tea.NewProgram(Start(s, b, bind, time.Now), tea.WithContext(ctx), tea.WithoutSignalHandler(),
		tea.WithInput(s.In), tea.WithOutput(s.Out))
	var watching sync.WaitGroup
	watching.Go(func() {
		for e, err := range b.Watch(ctx, s.Request.ID, 0) {
			p.Send(Heard{e, err})
		}
	})
	last, err := p.Run()
	stop()
	watching.Wait()
	m, ok := last.(Model)
	if !ok {
		return State{}, err
	}
	if errors.Is(err, tea.ErrProgramKilled) || errors.Is(err, tea.ErrInterrupted) {
		err = context.Canceled
	}
	return m.State, errors.Join(m.Err, err)
}
