package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing/synctest"

	"outcry"
	"outcry/onboarding"
)

// operate does what a line says of the operator: suspends SHOP, restores SHOP,
// or sets PLACE VALUE [PLACE VALUE]..., figures of the policy by their places in
// it, such as "exploring.share 0".
func (s *tale) operate(where string, w []string) (err error) {
	switch w[0] {
	case "suspends":
		_, err = s.server.Onboarding.Suspend(s.t.Context(), s.operator, s.shops[w[1]], "a reason")
	case "restores":
		_, err = s.server.Onboarding.Restore(s.t.Context(), s.operator, s.shops[w[1]])
	case "sets":
		err = s.setPolicy(where, w[1:])
	default:
		s.t.Fatalf("%s: an operator does not do that", where)
	}
	synctest.Wait()
	return err
}

// setPolicy puts a version of the policy in force with some figures changed.
func (s *tale) setPolicy(where string, w []string) error {
	keeper := s.server.Policy
	text, err := json.Marshal(keeper.Now().Policy())
	s.must(where, err)
	var all map[string]any
	s.must(where, json.Unmarshal(text, &all))
	for i := 0; i+1 < len(w); i += 2 {
		places := strings.Split(w[i], ".")
		in := all
		for _, place := range places[:len(places)-1] {
			inner, ok := in[place].(map[string]any)
			if !ok {
				return fmt.Errorf("the policy has no %q", w[i])
			}
			in = inner
		}
		in[places[len(places)-1]] = json.RawMessage(w[i+1])
	}
	text, err = json.Marshal(all)
	s.must(where, err)
	_, err = keeper.Put(s.t.Context(), s.operator, keeper.Version(), text)
	return err
}

// pause has a shop pause [for SPAN], or go on.
func (s *tale) pause(where, shop string, actor outcry.Actor, w []string) (err error) {
	if w[0] == "resumes" {
		_, err = s.server.Onboarding.Resume(s.t.Context(), actor, shop)
		return err
	}
	var p onboarding.Pause
	if text := after(w, "for", ""); text != "" {
		seconds := s.span(where, text).Seconds()
		p.ForS = &seconds
	}
	_, err = s.server.Onboarding.Pause(s.t.Context(), actor, shop, p)
	return err
}
