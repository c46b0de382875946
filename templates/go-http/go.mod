module almanac.internal

go 1.24
