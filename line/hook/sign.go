package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
)

// sign is the header webhook-signature as Standard Webhooks has it: for each key
// "v1," and the HMAC-SHA256 of ID.TIMESTAMP.BODY in base64, with a space between
// them.
func sign(keys [2][]byte, id string, at int64, body []byte) string {
	const size = len("v1,") + (sha256.Size+2)/3*4
	out := make([]byte, 0, 2*size+1)
	head := make([]byte, 0, len(id)+24)
	head = append(append(head, id...), '.')
	head = append(strconv.AppendInt(head, at, 10), '.')
	for _, key := range keys {
		if key == nil {
			continue
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		mac := hmac.New(sha256.New, key)
		mac.Write(head)
		mac.Write(body)
		var sum [sha256.Size]byte
		out = base64.StdEncoding.AppendEncode(append(out, "v1,"...), mac.Sum(sum[:0]))
	}
	return string(out)
}
