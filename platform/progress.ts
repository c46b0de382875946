const tickMs = 10_000;

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

export function say(text: string): void {
	process.stderr.write(`${text}\n`);
}

/** Runs `work` and says how long it took. `note` gives the latest detail of a long step (a percentage, a package). */
export async function step<T>(name: string, work: (note: (detail: string) => void) => Promise<T>): Promise<T> {
	const began = performance.now();
	let detail = "";
	const ticker = setInterval(() => {
		say(`  ... ${name}, ${seconds(performance.now() - began)}${detail === "" ? "" : `: ${detail}`}`);
	}, tickMs);
	try {
		const result = await work((text) => {
			detail = text;
		});
		say(`  ${name.padEnd(46)} ${seconds(performance.now() - began).padStart(8)}`);
		return result;
	} catch (error) {
		say(`  ${name.padEnd(46)} ${seconds(performance.now() - began).padStart(8)}  failed`);
		throw error;
	} finally {
		clearInterval(ticker);
	}
}

/** Like Promise.all, but nothing goes on behind its back when it throws: `up` then takes down what was started. */
export async function together<T extends readonly Promise<unknown>[]>(
	works: readonly [...T],
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
	await Promise.allSettled(works);
	return Promise.all(works);
}
