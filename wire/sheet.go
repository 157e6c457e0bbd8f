package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Sheet is a call that waits, written once for all the shops that hear it: they
// differ in the call's and the shop's id and in the distance.
type Sheet struct{ before, behind, end []byte }

// unlikely is a distance that no shop has.
const unlikely = -1 << 40

// SheetOf is a call of one shop, for all that are called with it.
func SheetOf(c Call) (*Sheet, error) {
	c.Request.DistanceM = unlikely
	need, err := json.Marshal(c.Request)
	if err != nil {
		return nil, err
	}
	// The last one is the distance's own: what people wrote stands before it.
	mark := strconv.AppendInt(nil, unlikely, 10)
	at := bytes.LastIndex(need, mark)
	end := make([]byte, 0, 160)
	end = append(end, `,"deadline":"`...)
	end = append(end, c.Deadline.String()...)
	end = append(end, `","wave":`...)
	end = strconv.AppendInt(end, int64(c.Wave), 10)
	end = append(end, `,"state":"`...)
	end = append(end, c.State...)
	end = append(end, `","called_at":"`...)
	end = append(end, c.CalledAt.String()...)
	end = append(end, `"}`...)
	return &Sheet{before: need[:at], behind: need[at+len(mark):], end: end}, nil
}

// For is the call as one shop hears it; ids are the market's own.
func (s *Sheet) For(call, shop string, metres int) []byte {
	b := make([]byte, 0, len(s.before)+len(s.behind)+len(s.end)+len(call)+len(shop)+64)
	b = append(b, `{"id":"`...)
	b = append(b, call...)
	b = append(b, `","shop_id":"`...)
	b = append(b, shop...)
	b = append(b, `","request":`...)
	b = append(b, s.before...)
	b = strconv.AppendInt(b, int64(metres), 10)
	b = append(b, s.behind...)
	return append(b, s.end...)
}
