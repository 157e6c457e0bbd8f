package dial

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"outcry"
)

// Caller calls one server as one member. It is a value: a copy with another
// token is another member. It is safe for use by many at once.
type Caller struct {
	// Server is the server's address, such as "http://127.0.0.1:7480".
	Server string
	// Token is a session token or a key; "" calls as a stranger.
	Token string
	// HTTP does the calls; nil is a client of this package with time-outs.
	HTTP *http.Client
}

// Call is one call of the interface.
type Call struct {
	Method string
	// Path begins with "/"; parts that come from outside are escaped by Path.
	Path  string
	Query url.Values
	// Body is sent as JSON; nil is no body. An Upload is sent as it stands.
	Body any
	// Version is the version that a change is made to (If-Match); 0 says none.
	Version int
}

// Upload is a body that is not JSON, such as a CSV file.
type Upload struct {
	Type string // its media type
	Data []byte
}

// Path joins parts into a path, each escaped: Path("v1", "shops", id).
func Path(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

// maxAnswer bounds the bytes of an answer.
const maxAnswer = 64 << 20

// tries is how often a call is made before its failure is told; longestRetry is
// the longest wait between two tries that a server may ask for.
const (
	tries        = 4
	longestRetry = 5 * time.Second
)

// Do makes a call and reads its answer into the value that into points at; nil
// drops it. What the server refuses is an *outcry.Error with its code; a server
// that cannot be reached is one of the code "unreachable". GET and POST are
// repeated, a few times and with growing waits, while the server cannot be
// reached or says that it is too busy: a POST carries a key by which the server
// does it once.
func (c Caller) Do(ctx context.Context, call Call, into any) error {
	body, kind, err := encode(call.Body)
	if err != nil {
		return fmt.Errorf("write the body of %s %s: %w", call.Method, call.Path, err)
	}
	key := ""
	if call.Method == http.MethodPost {
		key = rand.Text()
	}
	wait := Backoff{}
	for try := 1; ; try++ {
		err := c.once(ctx, call, sending{body, kind, key}, into)
		pause, again := repeatable(call.Method, err)
		if !again || try == tries || pause > longestRetry {
			return err
		}
		if wait.Wait(ctx, pause) != nil {
			return err
		}
	}
}

// sending is what a call sends beside its path.
type sending struct {
	body      []byte
	mediaType string
	key       string
}

func encode(body any) (data []byte, mediaType string, err error) {
	switch body := body.(type) {
	case nil:
		return nil, "", nil
	case Upload:
		return body.Data, body.Type, nil
	}
	data, err = json.Marshal(body)
	return data, "application/json", err
}

// once makes a call one time.
func (c Caller) once(ctx context.Context, call Call, s sending, into any) error {
	req, err := c.request(ctx, call, s)
	if err != nil {
		return err
	}
	res, err := c.client().Do(req)
	if err != nil {
		return unreachable(ctx, c.Server, err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		return refusal(call, res) //nolint:contextcheck // the answer has its own
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return unreachable(ctx, c.Server, err)
	case len(data) > maxAnswer:
		return foreign(call, res, "the answer is longer than 64 MiB")
	case into == nil || len(data) == 0:
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return foreign(call, res, "the answer is not the JSON that was expected: "+err.Error())
	}
	return nil
}

// request builds the HTTP request of a call.
func (c Caller) request(ctx context.Context, call Call, s sending) (*http.Request, error) {
	base, err := url.Parse(c.Server)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, outcry.BadField("server", "write the server's address as http://HOST:PORT, for example http://127.0.0.1:7480")
	}
	address := strings.TrimRight(c.Server, "/") + call.Path
	if len(call.Query) > 0 {
		address += "?" + call.Query.Encode()
	}
	var body io.Reader
	if s.mediaType != "" {
		body = bytes.NewReader(s.body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, address, body)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", call.Path, err)
	}
	header := map[string]string{"Content-Type": s.mediaType, "Idempotency-Key": s.key, "Accept": "application/json, application/problem+json"}
	if c.Token != "" {
		header["Authorization"] = "Bearer " + c.Token
	}
	if call.Version != 0 {
		header["If-Match"] = strconv.Quote(strconv.Itoa(call.Version))
	}
	for name, value := range header {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// callTime bounds one call, from dialling to the last byte of the answer.
const callTime = 30 * time.Second

// calling is the client of callers that bring none.
var calling = &http.Client{Timeout: callTime}

func (c Caller) client() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return calling
}

// repeatable says whether a call that failed so may be made again, and how long
// the server asks to wait before.
func repeatable(method string, err error) (pause time.Duration, again bool) {
	var e *outcry.Error
	if err == nil || !errors.As(err, &e) || method != http.MethodGet && method != http.MethodPost {
		return 0, false
	}
	switch e.Kind {
	case outcry.Limited, outcry.Unavailable:
		return time.Duration(e.Retry) * time.Second, true
	case outcry.Conflict: // the first try of the same key is not answered yet
		return 0, e.Code == "idempotency_running"
	default:
		return 0, false
	}
}
