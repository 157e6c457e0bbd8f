package counter

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"outcry/wire"
	"outcry/wire/dial"
)

const (
	// endWithin is how long a program may take to end when its input has.
	endWithin = 3 * time.Second
	// maxLine bounds what is shown of a line that a program writes beside its
	// answers, in bytes.
	maxLine = 1000
)

// program is software that reads calls and writes answers, one line of JSON each.
// It is started once, and again where it ends: the calls that wait for an answer
// are given to the new one.
type program struct {
	command []string
	dir     string
	say     func(words string)
	stop    context.CancelFunc
	ended   chan struct{}

	mu      sync.Mutex // guards waiting and the errands in it
	waiting map[string]*errand
	fresh   chan struct{} // holds one token where an errand is not sent yet
}

var _ asker = (*program)(nil)

// errEnded says that the program was ended by its shop server.
var errEnded = errors.New("it was ended")

// errand is a call that waits for an answer of a program.
type errand struct {
	line   []byte
	sent   bool // to the program that runs now
	answer chan outcome
}

// outcome is an answer, or why there is none.
type outcome struct {
	reply
	err error
}

// newProgram starts a program in a folder, until ctx ends.
func newProgram(ctx context.Context, command []string, dir string, say func(words string)) *program {
	ctx, stop := context.WithCancel(ctx)
	p := &program{
		command: command, dir: dir, say: say, stop: stop, ended: make(chan struct{}),
		waiting: map[string]*errand{}, fresh: make(chan struct{}, 1),
	}
	go func() {
		defer close(p.ended)
		p.keep(ctx)
	}()
	return p
}

func (p *program) close() {
	p.stop()
	<-p.ended
}

// ask gives a call to the program and waits for its answer until ctx ends.
func (p *program) ask(ctx context.Context, call wire.Call) (reply, error) {
	line, err := json.Marshal(call)
	if err != nil {
		return reply{}, fmt.Errorf("write the call: %w", err)
	}
	e := &errand{line: append(line, '\n'), answer: make(chan outcome, 1)}
	p.mu.Lock()
	p.waiting[call.ID] = e
	p.mu.Unlock()
	p.ring()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, call.ID)
		p.mu.Unlock()
	}()
	select {
	case o := <-e.answer:
		return o.reply, o.err
	case <-p.ended:
		return reply{}, errEnded
	case <-ctx.Done():
		return reply{}, fmt.Errorf("it did not answer in time: %w", ctx.Err())
	}
}

// ring says that an errand is not sent yet.
func (p *program) ring() {
	select {
	case p.fresh <- struct{}{}:
	default:
	}
}

// keep runs the program until ctx ends, again and again.
func (p *program) keep(ctx context.Context) {
	var wait dial.Backoff
	for ctx.Err() == nil {
		begun := time.Now()
		err := p.life(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(begun) > time.Minute {
			wait.Reset()
		}
		p.say(fmt.Sprintf("%s has ended (%v); it is started again", p.command[0], err))
		if wait.Wait(ctx, 0) != nil {
			return
		}
	}
}

// life runs the program once and says how it ended.
func (p *program) life(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	cmd := exec.CommandContext(ctx, p.command[0], p.command[1:]...) //nolint:gosec // the shop's own command, from the shop's own file
	cmd.Dir, cmd.WaitDelay = p.dir, endWithin
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	beside, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	cmd.Cancel = in.Close // asks it to end; after endWithin it is killed
	if err := cmd.Start(); err != nil {
		return err
	}
	p.resend()
	var running sync.WaitGroup
	running.Go(func() {
		defer end() // a program without an output is of no use
		p.hear(out)
	})
	running.Go(func() { p.show(beside) })
	running.Go(func() { p.feed(ctx, in) })
	<-ctx.Done() // its output has ended, or it is to end
	kill := time.AfterFunc(endWithin, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	_ = in.Close()
	running.Wait()
	if err := cmd.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return errors.New("exit status 0")
}

// resend has every errand sent to the program that starts now.
func (p *program) resend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.waiting {
		e.sent = false
	}
	p.ring()
}

// feed writes errands until ctx ends, or the program takes no more.
func (p *program) feed(ctx context.Context, in io.Writer) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.fresh:
		}
		for _, line := range p.unsent() {
			if _, err := in.Write(line); err != nil {
				return // it has ended, or will soon: then all is sent again
			}
		}
	}
}

// unsent are the lines of the errands that are not sent yet.
func (p *program) unsent() (lines [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.waiting {
		if !e.sent {
			e.sent = true
			lines = append(lines, e.line)
		}
	}
	return lines
}

// hear reads answers to the end of the output.
func (p *program) hear(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 4096), maxReply)
	for lines.Scan() {
		if len(lines.Bytes()) > 0 {
			p.take(lines.Bytes())
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		p.say(fmt.Sprintf("%s wrote a line of more than %d bytes", p.command[0], maxReply))
	}
}

// take gives an answer to the call that it names.
func (p *program) take(line []byte) {
	r, err := readReply(line)
	id := r.CallID
	if err != nil { // of which call it is may be read nevertheless
		var named struct {
			CallID string `json:"call_id"`
		}
		_ = json.Unmarshal(line, &named) // then it names none
		id = named.CallID
	}
	p.mu.Lock()
	e := p.waiting[id]
	delete(p.waiting, id)
	p.mu.Unlock()
	switch {
	case e != nil:
		e.answer <- outcome{r, err}
	case id == "":
		p.say(fmt.Sprintf("%s wrote a line without a call_id: %s", p.command[0], shorten(string(line))))
	default:
		p.say(fmt.Sprintf("%s answers the call %s, which does not wait for it", p.command[0], shorten(id)))
	}
}

// show tells what the program writes beside its answers.
func (p *program) show(beside io.Reader) {
	lines := bufio.NewReaderSize(beside, maxLine)
	for {
		line, more, err := lines.ReadLine()
		if err != nil {
			return
		}
		if len(line) > 0 {
			p.say(string(line))
		}
		for more && err == nil {
			_, more, err = lines.ReadLine()
		}
	}
}
