package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// process is a side that was started.
type process struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *json.Decoder
}

// patience is for how long a side may take to end before it is killed.
const patience = 20 * time.Second

// start starts a side. It is killed when ctx ends.
func (p *Plan) start(ctx context.Context, name string) (*process, error) {
	args := append(p.Program[1:len(p.Program):len(p.Program)], name)
	cmd := exec.CommandContext(ctx, p.Program[0], args...) //nolint:gosec // this program itself
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	return &process{name: name, cmd: cmd, in: in, out: json.NewDecoder(out)}, nil
}

// tell has the side do something and waits until it is done; into may be nil.
func (p *process) tell(do string, with, into any) error {
	text, err := json.Marshal(with)
	if err == nil {
		err = json.NewEncoder(p.in).Encode(word{Do: do, With: text})
	}
	var a said
	if err == nil {
		err = p.out.Decode(&a)
	}
	switch {
	case err != nil:
		return fmt.Errorf("the process of the %s is gone: %w", p.name, err)
	case a.Error != "":
		return fmt.Errorf("%s: %s: %s", p.name, do, a.Error)
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(a.Body, into); err != nil {
		return fmt.Errorf("read what the %s say: %w", p.name, err)
	}
	return nil
}

// end lets the process end, and gives the seconds of CPU that it took in all.
func (p *process) end() (whole float64, err error) {
	err = p.in.Close()
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	if waited := p.cmd.Wait(); waited != nil {
		err = errors.Join(err, fmt.Errorf("the process of the %s has ended: %w", p.name, waited))
	}
	if s := p.cmd.ProcessState; s != nil {
		whole = (s.UserTime() + s.SystemTime()).Seconds()
	}
	return whole, err
}
