package counter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"outcry/wire"
	"outcry/wire/dial"
)

// address is software that takes a POST of each call.
type address struct {
	url  string
	http *http.Client
}

var _ asker = (*address)(nil)

// newAddress reaches software by its address. It follows nobody elsewhere, and a
// proxy is not asked: the software is the shop's own.
func newAddress(url string) *address {
	return &address{url: url, http: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// errBusy is an answer after which asking again may help.
var errBusy = errors.New("it is not ready")

// ask posts a call; while the software cannot be reached, or says that it is not
// ready, it is asked again until ctx ends.
func (a *address) ask(ctx context.Context, call wire.Call) (reply, error) {
	body, err := json.Marshal(call)
	if err != nil {
		return reply{}, fmt.Errorf("write the call: %w", err)
	}
	var wait dial.Backoff
	for {
		r, err := a.once(ctx, call.ID, body)
		if err == nil || !errors.Is(err, errBusy) {
			return r, err
		}
		if wait.Wait(ctx, 0) != nil {
			return r, fmt.Errorf("time is up: %w", err)
		}
	}
}

func (a *address) once(ctx context.Context, id string, body []byte) (r reply, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Outcry-Call", id)
	res, err := a.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return r, fmt.Errorf("it did not answer in time: %w", ctx.Err())
		}
		return r, fmt.Errorf("%w: %w", errBusy, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	switch {
	case err != nil:
		return r, fmt.Errorf("%w: its answer breaks off: %w", errBusy, err)
	case len(text) > maxReply:
		return r, fmt.Errorf("its answer has more than %d bytes", maxReply)
	case res.StatusCode == http.StatusNoContent:
		return r, nil
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= http.StatusInternalServerError:
		return r, fmt.Errorf("%w: it answers %s", errBusy, res.Status)
	case res.StatusCode != http.StatusOK:
		return r, fmt.Errorf("it answers %s; write 200 with an offer or a decline, or 204", res.Status)
	case strings.TrimSpace(string(text)) == "":
		return r, errors.New("it answers 200 with nothing; write an offer, a decline, or 204")
	}
	if r, err = readReply(text); err == nil && r.CallID != "" && r.CallID != id {
		err = fmt.Errorf("its answer is to the call %s", shorten(r.CallID))
	}
	return r, err
}

func (a *address) close() { a.http.CloseIdleConnections() }
