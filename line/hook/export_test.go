package hook

// Sign is sign with one or two secrets.
func Sign(id string, at int64, body string, secrets ...string) string {
	var keys [2][]byte
	for i, s := range secrets {
		keys[i] = keyOf(s)
	}
	return sign(keys, id, at, []byte(body))
}

// Held is how many events are in memory for a webhook.
func (s *Sender) Held(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.targets[id].held()
}

// MostHeld is how many that may be.
const MostHeld = mostHeld

// FaultOf is faultOf.
func FaultOf(err error) string { return faultOf(err) }
