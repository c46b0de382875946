import { connect } from "node:net";
import { messageOf } from "@/domain/errors";
import { isOnPath, tryCommand } from "../command";
import type { Clocks, RegistryAnswer } from "./judge";

const answerMs = 5_000;

interface Registry {
	readonly client: string;
	readonly url: string;
}

/** Where this machine's own settings send its package clients. */
async function registries(): Promise<Registry[]> {
	const said = async (client: string, program: string, argv: readonly string[], otherwise: string | null) => {
		if (!isOnPath(program)) return [];
		const { code, stdout } = await tryCommand(argv, { timeoutMs: 20_000 });
		const lines = code === 0 ? stdout.split("\n").map((line) => line.trim()) : [];
		const urls = [...new Set(lines.filter((line) => URL.canParse(line)).map((line) => new URL(line).origin))];
		return (urls.length === 0 && otherwise !== null ? [otherwise] : urls).map((url) => ({ client, url }));
	};
	const pip = process.env.PIP_INDEX_URL;
	const found = await Promise.all([
		said("npm", "npm", ["npm", "config", "get", "registry"], null),
		pip !== undefined && URL.canParse(pip)
			? [{ client: "pip", url: new URL(pip).origin }]
			: said("pip", "python3", ["python3", "-m", "pip", "config", "get", "global.index-url"], "https://pypi.org"),
		// apt's own placeholder, no shell's.
		said("apt", "apt-get", ["apt-get", "indextargets", "--format", "$(SITE)"], null),
	]);
	return found.flat().filter(({ url }) => url.startsWith("http"));
}

/** Asks each for anything: every answer, also a refusal, shows that it is reached, and says what time it is. */
export async function askRegistries(): Promise<{ answers: RegistryAnswer[]; clocks: Clocks | null }> {
	const asked = await Promise.all((await registries()).map(ask));
	const clocks = asked.flatMap((one) => (one.clocks === null ? [] : [one.clocks]));
	return { answers: asked.map(({ answer }) => answer), clocks: middleOf(clocks) };
}

/** One that is wrong alone says nothing about this machine. */
function middleOf(clocks: readonly Clocks[]): Clocks | null {
	const off = ({ machineMs, otherMs }: Clocks) => Math.abs(machineMs - otherMs);
	const sorted = clocks.toSorted((one, other) => off(one) - off(other));
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

async function ask({ client, url }: Registry): Promise<{ answer: RegistryAnswer; clocks: Clocks | null }> {
	const place = new URL(url).host;
	const proxy = proxyOf(url, process.env);
	if (proxy !== null) {
		const failure = await connects(proxy);
		const through = `${place} by the proxy ${proxy.host}`;
		return { answer: { client, place: through, failure }, clocks: null };
	}
	const began = performance.now();
	try {
		const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(answerMs) });
		const otherMs = Date.parse(response.headers.get("date") ?? "");
		const machineMs = Date.now();
		const roundTripMs = performance.now() - began;
		const clocks = Number.isNaN(otherMs) ? null : { machineMs, otherMs, roundTripMs, source: place };
		return { answer: { client, place, failure: null }, clocks };
	} catch (error) {
		return { answer: { client, place, failure: reasonOf(error) }, clocks: null };
	}
}

/** The cause says more than "fetch failed". */
function reasonOf(error: unknown): string {
	const cause = error instanceof Error ? error.cause : undefined;
	return messageOf(cause ?? error);
}

/** As the clients read these variables. Null = asked directly. */
export function proxyOf(url: string, environment: Readonly<Record<string, string | undefined>>): URL | null {
	const { protocol, hostname } = new URL(url);
	const variable = protocol === "https:" ? "https_proxy" : "http_proxy";
	const proxy = environment[variable] ?? environment[variable.toUpperCase()];
	if (proxy === undefined || !URL.canParse(proxy)) return null;
	const except = (environment.no_proxy ?? environment.NO_PROXY ?? "").split(",").map((one) => one.trim().replace(/^\./, ""));
	const isExcepted = except.some((one) => one === "*" || (one !== "" && (hostname === one || hostname.endsWith(`.${one}`))));
	return isExcepted ? null : new URL(proxy);
}

function connects({ hostname, port, protocol }: URL): Promise<string | null> {
	return new Promise((resolve) => {
		const socket = connect({ host: hostname, port: Number(port || (protocol === "https:" ? 443 : 80)), timeout: answerMs });
		const end = (failure: string | null) => {
			socket.destroy();
			resolve(failure);
		};
		socket.once("connect", () => end(null));
		socket.once("timeout", () => end("no answer"));
		socket.once("error", (error) => end(error.message));
	});
}
