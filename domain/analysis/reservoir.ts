/** Enough for a 99th percentile of a bucket, little enough to store for a day. */
const reservoirSize = 200;

/**
 * A uniform sample of a stream of numbers, of at most `size` of them (Vitter's algorithm R): each value seen is equally
 * likely to be in it. `random` gives numbers from 0 (included) to 1 (excluded).
 */
export class Reservoir {
	private readonly random: () => number;
	private readonly size: number;
	private readonly values: number[] = [];
	private seen = 0;

	constructor(random: () => number, size = reservoirSize) {
		this.random = random;
		this.size = size;
	}

	add(value: number): void {
		this.seen += 1;
		if (this.values.length < this.size) {
			this.values.push(value);
			return;
		}
		const place = Math.floor(this.random() * this.seen);
		if (place < this.size) this.values[place] = value;
	}

	/** In random order (Fisher and Yates), so that its beginning is a uniform sample too. */
	sample(): number[] {
		const shuffled = [...this.values];
		for (let last = shuffled.length - 1; last > 0; last -= 1) {
			const other = Math.floor(this.random() * (last + 1));
			const kept = shuffled[last] ?? 0;
			shuffled[last] = shuffled[other] ?? 0;
			shuffled[other] = kept;
		}
		return shuffled;
	}
}
