import { AppError } from "@/domain/errors";
import { type Operation, operations, type Procedure } from "@/server/rest/operations";
import { Refusal } from "@/server/rest/problem";

export interface Route {
	readonly procedure: Procedure;
	readonly operation: Operation;
	readonly parameters: Readonly<Record<string, string>>;
}

const routes = (Object.entries(operations) as [Procedure, Operation][]).map(([procedure, operation]) => ({
	...{ procedure, operation },
	segments: operation.path.split("/").slice(1),
}));

/** Names in braces, in their order. */
export function parametersOf(path: string): string[] {
	return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

/** Which operation a request means. Throws `not-found` for a path that there is not, and 405 for another method. */
export function findRoute(method: string, path: string): Route {
	const given = segmentsOf(path);
	const found = routes.filter(({ segments }) => fits(segments, given));
	// A word beats a name in braces: /users/me would not be the user "me".
	const fixed = (segments: readonly string[]) => segments.filter((one) => !one.startsWith("{")).length;
	const most = Math.max(...found.map(({ segments }) => fixed(segments)));
	const here = found.filter(({ segments }) => fixed(segments) === most);
	const route = here.find(({ operation }) => operation.method === method);
	if (route) {
		const { procedure, operation } = route;
		return { procedure, operation, parameters: parametersIn(operation.path, path) ?? {} };
	}
	if (here.length === 0) throw new AppError("not-found", "There is nothing at this path: /api/v1/openapi.json lists all.");
	const methods = here.map(({ operation }) => operation.method).join(", ");
	throw new Refusal("method-not-allowed", `${method} is not possible here: ${methods} is.`, { allow: methods });
}

/** What a path has in the places of a template's names; null = it is another path. */
export function parametersIn(template: string, path: string): Record<string, string> | null {
	const segments = template.split("/").slice(1);
	const given = segmentsOf(path);
	if (!fits(segments, given)) return null;
	return Object.fromEntries(segments.flatMap((one, at) => (one.startsWith("{") ? [[one.slice(1, -1), given[at] ?? ""]] : [])));
}

function segmentsOf(path: string): string[] {
	return path.split("/").slice(1).map(decoded);
}

function fits(segments: readonly string[], given: readonly string[]): boolean {
	return (
		segments.length === given.length && segments.every((one, at) => (one.startsWith("{") ? given[at] !== "" : one === given[at]))
	);
}

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		throw new AppError("invalid", "The path is not encoded as a URL is.");
	}
}
