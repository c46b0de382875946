package main

import (
	"testing"
	"time"
)

func TestThePhaseIsTheOneOfTheSky(t *testing.T) {
	// Days of new and full moons that everybody can look up: that of 8 April 2024 was an eclipse of the sun.
	for date, phase := range map[string]string{
		"2000-01-06": "new moon",
		"2000-01-21": "full moon",
		"2024-04-08": "new moon",
		"2024-04-15": "first quarter",
		"2024-04-23": "full moon",
		"2024-05-01": "last quarter",
	} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := moonAt(at.Add(12 * time.Hour)); got.Phase != phase || got.Date != date {
			t.Errorf("%s: %+v, want %s", date, got, phase)
		}
	}
}

func TestAFullMoonIsBrightAndANewOneIsDark(t *testing.T) {
	if full := moonAt(newMoon.Add(354 * time.Hour)); full.Illuminated != 1 {
		t.Errorf("full: %+v", full)
	}
	if dark := moonAt(newMoon); dark.Illuminated != 0 || dark.AgeDays != 0 {
		t.Errorf("new: %+v", dark)
	}
	for year := 1; year < 9999; year += 7 {
		at := time.Date(year, time.March, 1, 0, 0, 0, 0, time.UTC)
		if got := moonAt(at); got.Illuminated < 0 || got.Illuminated > 1 || got.AgeDays < 0 || got.AgeDays > 29.6 {
			t.Fatalf("%v: %+v", at, got)
		}
	}
}
