package hook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"outcry"
)

const (
	// patience is how long an attempt may take, up to the reply's last byte.
	patience = 10 * time.Second
	// maxReply is the longest reply that is read, in bytes.
	maxReply = 64 << 10
)

// send makes an attempt to send a parcel, and gives those for which there is room
// then.
func (s *Sender) send(p *parcel) []*parcel {
	s.mu.Lock()
	running := s.ctx
	if running == nil || p.to.stopped() {
		s.mu.Unlock()
		return s.settle(p, outcome{broken: true})
	}
	ctx, cancel := context.WithTimeout(running, patience)
	p.cancel = cancel
	to := post{hook: p.to.hook, url: p.to.url, keys: p.to.keys}
	s.mu.Unlock()
	defer cancel()
	return s.settle(p, s.attempt(ctx, running, p, &to))
}

// attempt sends a parcel where there is something to be told, and takes what is
// replied.
func (s *Sender) attempt(ctx, running context.Context, p *parcel, to *post) outcome {
	l, err := s.unfold(ctx, p)
	switch now := s.Clock(); {
	case errors.Is(err, errNoEvent):
		return outcome{unsent: true, error: errNoEvent.Error()}
	case err != nil:
		return outcome{broken: true}
	case l.Type == "":
		return outcome{unsent: true}
	case p.again:
	case l.Type == outcry.ToldCall && (!l.Waits || !now.Add(lastChance).Before(l.Deadline)):
		return outcome{unsent: true, error: "not sent: the call waits for no answer any more"}
	case l.Type != outcry.ToldCall && now.Sub(p.d.At) > goodFor:
		return outcome{unsent: true, error: "not sent: it could not be for a day"}
	}
	deadline := p.d.At.Add(goodFor)
	if l.Type == outcry.ToldCall {
		deadline = l.Deadline
		if left := l.Deadline.Sub(s.Clock()); left < patience && !p.again {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, left)
			defer cancel()
		}
	}
	to.id, to.body, to.replies = p.d.ID(), l.body, l.Type == outcry.ToldCall
	o, reply := s.post(ctx, to)
	if o.taken() && len(reply) > 0 {
		s.answer(running, to.hook, l, reply, &o)
	}
	if running.Err() != nil && (o.status == 0 || o.error != "") {
		return outcome{broken: true} // it was the server that ended, not the shop's software
	}
	o.deadline = deadline
	p.again = false
	return o
}

// post is a request to be made.
type post struct {
	hook    outcry.Webhook
	url     *url.URL
	keys    [2][]byte
	id      string
	body    []byte
	replies bool // what is replied matters
}

const userAgent = "Outcry-Webhook/1"

// request is the HTTP request, signed for this moment.
func (t *post) request(ctx context.Context, now time.Time) *http.Request {
	keys := t.keys
	if !t.hook.FormerUntil.After(now) {
		keys[1] = nil
	}
	body := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(t.body)), nil }
	first, _ := body()
	at := now.Unix()
	r := &http.Request{
		Method: http.MethodPost, URL: t.url, Host: t.url.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: first, GetBody: body, ContentLength: int64(len(t.body)),
		Header: http.Header{
			"Content-Type": {"application/json"}, "User-Agent": {userAgent},
			"Webhook-Id": {t.id}, "Webhook-Timestamp": {strconv.FormatInt(at, 10)},
			"Webhook-Signature": {sign(keys, t.id, at, t.body)},
			// Empty, it is not sent; it lets a request go again over a new
			// connection where the other side has just closed the one it went by.
			"Idempotency-Key": {},
		},
	}
	return r.WithContext(ctx)
}

// post makes the request. The reply is nil where it does not matter, or says
// nothing.
func (s *Sender) post(ctx context.Context, t *post) (o outcome, reply []byte) {
	began := s.Clock()
	defer func() { o.took = s.Clock().Sub(began) }()
	if t.url == nil {
		return outcome{error: "the URL cannot be read"}, nil
	}
	answer, err := s.Transport.RoundTrip(t.request(ctx, began))
	if err != nil {
		return outcome{error: faultOf(err)}, nil
	}
	defer answer.Body.Close()
	o.status = answer.StatusCode
	reply, err = io.ReadAll(io.LimitReader(answer.Body, maxReply+1))
	switch {
	case err != nil:
		return outcome{error: "the reply broke off: " + faultOf(err)}, nil
	case o.status >= 300 && o.status < 400:
		o.error = "status " + strconv.Itoa(o.status) + ": redirects are not followed; register the new URL"
	case o.status < 200 || o.status >= 300:
		o.error = "status " + strconv.Itoa(o.status)
		o.after = retryAfter(answer.Header.Get("Retry-After"), began)
	case len(reply) > maxReply && t.replies:
		o.error = "the reply is longer than 64 KiB and was not read"
	case t.replies:
		return o, bytes.TrimSpace(reply)
	}
	return o, nil
}

// retryAfter is how long a receiver asks to be left alone; 0 where it does not
// say so in one of the two ways of RFC 9110.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return min(time.Duration(min(n, 1<<20))*time.Second, eachMost)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), eachMost)
	}
	return 0
}
