package main

import (
	"math"
	"time"
)

// synodicMonth is the mean time from one new moon to the next.
const synodicMonth = 29.530588 * 24 * float64(time.Hour)

// A new moon to count from; the mean moon differs from the true one by up to 14 hours.
var newMoon = time.Date(2000, time.January, 6, 18, 14, 0, 0, time.UTC)

var phases = [...]string{
	"new moon", "waxing crescent", "first quarter", "waxing gibbous",
	"full moon", "waning gibbous", "last quarter", "waning crescent",
}

type moon struct {
	Date        string  `json:"date"`
	Phase       string  `json:"phase"`
	AgeDays     float64 `json:"ageDays"`
	Illuminated float64 `json:"illuminated"`
}

// moonAt is the mean moon at an instant. Nothing is stored: every instance says the same.
func moonAt(at time.Time) moon {
	// Seconds, not a Duration: that one ends after 292 years.
	seconds := float64(at.Unix() - newMoon.Unix())
	turns := seconds / (synodicMonth / float64(time.Second))
	turn := turns - math.Floor(turns)
	return moon{
		Date:        at.UTC().Format(time.DateOnly),
		Phase:       phases[int(math.Floor(turn*8+0.5))%len(phases)],
		AgeDays:     round(turn*synodicMonth/(24*float64(time.Hour)), 1),
		Illuminated: round((1-math.Cos(2*math.Pi*turn))/2, 2),
	}
}

func round(value float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(value*scale) / scale
}
