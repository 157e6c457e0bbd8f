package onboarding_test

import (
	"strings"
	"testing"

	"outcry/onboarding"
)

func TestImport_WithoutATimeZoneHoursGoByLongitude(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, err := h.Import(t.Context(), h.actor("op"), strings.NewReader("name,lat,lon,kind,hours\n"+
		"Leith,55.97,-3.17,bakery,Mo-Fr 09:00-17:00\nSeoul,37.56,126.98,bakery,Mo-Fr 09:00-17:00\n"+
		"Lima,-12.05,-77.04,bakery,\nSuva,-18.14,178.44,bakery,24/7\n"), onboarding.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	shops := h.listings()
	for name, want := range map[string]string{"Leith": "Etc/GMT", "Seoul": "Etc/GMT-8", "Lima": "Etc/GMT+5", "Suva": "Etc/GMT-12"} {
		if got := shops[name].TimeZone; got != want {
			t.Errorf("%s is in %q, want %q", name, got, want)
		}
	}
	if len(report.Notes) != 1 || !strings.Contains(report.Notes[0].Text, "time_zone") || report.Notes[0].Row != 0 {
		t.Errorf("the report notes %+v, want that no time zone was told", report.Notes)
	}
}
