/**
 * One question under way at a time, and the next asks for all that was wanted meanwhile: every answer was asked for after
 * the call it is for. A hundred services that wait for their endpoints would otherwise have Envoy write the same list a
 * hundred times, and it would do nothing else. null = everything.
 */
export function gathered<Answer>(ask: (names: ReadonlySet<string> | null) => Promise<Answer>) {
	let current: Promise<unknown> = Promise.resolve();
	let next: { names: Set<string> | null; answer: Promise<Answer> } | null = null;
	return (names: readonly string[] | null): Promise<Answer> => {
		if (next === null) {
			const begun = current.then(() => {
				const wanted = next?.names ?? null;
				next = null;
				return ask(wanted);
			});
			next = { names: new Set(), answer: begun };
			current = begun.catch(() => undefined);
		}
		if (names === null) next.names = null;
		else for (const name of names) next.names?.add(name);
		return next.answer;
	};
}
