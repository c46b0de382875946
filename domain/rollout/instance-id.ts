/**
 * The same rollout and ordinal always give the same id, so a repeated placement makes nothing twice.
 * `orders-staging-7-12b`: the second instance of rollout 12. A dash in a name doubles the one between service and
 * environment, which keeps `web` in `api-staging` apart from `web-api` in `staging` (a name never holds two).
 */
export function instanceId(service: string, environment: string, release: number, rollout: number, ordinal: number): string {
	const separator = `${service}${environment}`.includes("-") ? "--" : "-";
	return `${service}${separator}${environment}-${release}-${rollout}${letters(ordinal)}`;
}

/** 0 a, 25 z, 26 aa, like the columns of a sheet. */
function letters(ordinal: number): string {
	const rest = Math.floor(ordinal / 26);
	return (rest > 0 ? letters(rest - 1) : "") + String.fromCharCode(97 + (ordinal % 26));
}
