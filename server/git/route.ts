import { isSlug } from "@/domain/names";

export type GitService = "git-upload-pack" | "git-receive-pack";

export interface GitRoute {
	readonly repository: string;
	readonly service: GitService;
	readonly kind: "advertise" | "exchange";
}

const services: readonly GitService[] = ["git-upload-pack", "git-receive-pack"];

/**
 * The smart HTTP protocol and nothing else: no dumb files, no other service, no escaped or dotted path. The repository's
 * name is a slug, so the path given to git is made of checked parts only, never of what the client sent.
 */
export function parseGitRoute(method: string, target: string): GitRoute | null {
	const [path = "", query = ""] = splitOnce(target, "?");
	const match = /^\/([a-z0-9-]+)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
	const repository = match?.[1];
	if (!match || !repository || !isSlug(repository)) return null;
	if (match[2] === "info/refs") {
		const service = services.find((one) => query === `service=${one}`);
		return method === "GET" && service ? { repository, service, kind: "advertise" } : null;
	}
	const service = services.find((one) => one === match[2]);
	return method === "POST" && service && query === "" ? { repository, service, kind: "exchange" } : null;
}

function splitOnce(text: string, mark: string): [string, string] {
	const at = text.indexOf(mark);
	return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** The API token in a Basic header's password; the user name does not matter. */
export function tokenOf(authorization: string | undefined): string | null {
	const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "")?.[1];
	if (!encoded) return null;
	const [, password] = splitOnce(Buffer.from(encoded, "base64").toString("utf8"), ":");
	return password || null;
}
