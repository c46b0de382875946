/** The known word nearest to a wrong one, when it is near enough to be meant; null otherwise. */
export function suggest(wrong: string, known: readonly string[]): string | null {
	const ranked = known
		.map((word) => ({ word, distance: editDistance(wrong.toLowerCase(), word.toLowerCase()) }))
		.sort((a, b) => a.distance - b.distance);
	const best = ranked[0];
	return best && best.distance <= Math.max(2, Math.floor(wrong.length / 3)) ? best.word : null;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let row = 1; row <= a.length; row += 1) {
		const current = [row];
		for (let column = 1; column <= b.length; column += 1) {
			const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
}
