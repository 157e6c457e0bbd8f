package watch

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry/cmd/outcry/pricelist"
)

// Screen is where and what to show.
type Screen struct {
	In    io.Reader
	Out   io.Writer
	Codes Codes
	// List are the shop's prices; it may be empty.
	List pricelist.List
	// Currency is that of prices where neither budget nor price list says one.
	Currency string
	// Bell says to ring when a new call comes.
	Bell bool
}

// Run shows the shop's calls until its person leaves, and gives the last state.
// Its error is what ended the watch, or ctx's.
func Run(ctx context.Context, s Screen, by Shop) (State, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	bind := func(work func(context.Context) tea.Msg) tea.Cmd {
		return func() tea.Msg { return work(ctx) }
	}
	p := tea.NewProgram(Start(s, by, bind, time.Now), tea.WithContext(ctx), tea.WithoutSignalHandler(),
		tea.WithInput(s.In), tea.WithOutput(s.Out))
	var watching sync.WaitGroup
	watching.Go(func() {
		for e, err := range by.Watch(ctx, 0) {
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
