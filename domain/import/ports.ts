import type { ComposeFacts } from "@/domain/import/compose";
import type { DockerfileFacts } from "@/domain/import/dockerfile";
import type { Answers, Facts, HealthFact, Place, PortFact, PortProtocol, Question } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import type { PackageHints } from "@/domain/import/package-hints";
import { protocolOf } from "@/domain/import/port-protocol";
import { portNumber } from "@/domain/import/probe-command";

export interface PlannedPort {
	readonly name: string;
	readonly port: number;
	readonly target: number;
	readonly protocol: PortProtocol;
	/** null = a person's answer, or Sluice's guess. */
	readonly from: Place | null;
}

export interface PlannedPorts {
	readonly ports: readonly PlannedPort[];
	readonly questions: readonly Question[];
	/** Nothing names a port: the service is told which by PORT, which many obey. */
	readonly isGuessed: boolean;
	readonly notes: readonly string[];
}

export interface PortSources {
	readonly docker: DockerfileFacts | null;
	readonly compose: ComposeFacts | null;
	readonly score: Facts | null;
	readonly kubernetes: Facts | null;
	readonly hints: PackageHints;
	readonly health: HealthFact | null;
}

const fallback = 8080;
const mostPorts = 16;
/** Node's inspector, Java's debug wire protocol, Delve, debugpy. */
const debugPorts = new Set([2345, 5005, 5678, 9229]);
const basePorts: readonly (readonly [RegExp, number])[] = [
	[/(^|\/)(nginx|httpd|caddy|traefik)(:|@|$)/, 80],
	[/(^|\/)(nginxinc\/nginx-unprivileged|tomcat|jetty)(:|@|$)/, 8080],
	[/(^|\/)postgres(:|@|$)/, 5432],
	[/(^|\/)(redis|valkey\/valkey)(:|@|$)/, 6379],
];

/** Which ports the service has: of score.yaml, else EXPOSE, else compose, else Kubernetes, else what else names one. What was chosen among several, or guessed, is asked. */
export function planPorts(sources: PortSources, answers: Answers): PlannedPorts {
	const notes: string[] = [];
	const { found, question, isGuessed = false } = foundPorts(sources, notes);
	const answered = portNumber(answers.port);
	const questions: Question[] = question === null ? [] : [{ ...question, isOpen: answered === null }];
	if (question !== null && answers.port !== undefined && answered === null) {
		notes.push(`"${answers.port.slice(0, 20)}" is no port: a port is a number from 1 to 65535.`);
	}
	const chosen = question !== null && answered !== null ? only(answered, found) : found;
	if (chosen.length > mostPorts) notes.push(`Of ${chosen.length} ports the first ${mostPorts} are proposed.`);
	const ports = named(chosen.slice(0, mostPorts), sources, answers, questions);
	return { ports: sorted(ports, sources.health), questions, isGuessed, notes };
}

/** The port that was answered, with what was known of it. */
function only(target: number, found: readonly PlainPort[]): PlainPort[] {
	return [found.find((one) => one.target === target) ?? { port: target, target, name: null, protocol: null, at: null }];
}

type PlainPort = Omit<PortFact, "at"> & { readonly at: Place | null };
type PortQuestion = Omit<Question, "isOpen"> | null;

interface Guess {
	readonly found: readonly PlainPort[];
	readonly question: PortQuestion;
	readonly isGuessed?: boolean;
}

function foundPorts(sources: PortSources, notes: string[]): Guess {
	const { docker, compose, score, kubernetes } = sources;
	if (score?.ports && score.ports.length > 0) return { found: score.ports, question: null };
	const composed = compose?.ports ?? [];
	const applied = kubernetes?.ports ?? [];
	const exposed = docker?.ports ?? [];
	if (exposed.length > 0) {
		for (const { target, at } of composed) {
			if (exposed.some((one) => one.target === target)) continue;
			notes.push(`${placeText(at)}: port ${target} is published there and not in the Dockerfile's EXPOSE: it is left out.`);
		}
		const isKnown = applied.some(({ target }) => exposed.some((one) => one.target === target));
		for (const { target, at } of isKnown ? applied : []) {
			if (exposed.some((one) => one.target === target)) continue;
			notes.push(`${placeText(at)}: port ${target} is named there and not in the Dockerfile's EXPOSE: it is left out.`);
		}
		const known = exposed.map((one) => ({ ...one, ...namedIn(one, composed, applied) }));
		return listensElsewhere(withoutDebuggers(known, notes), sources);
	}
	if (composed.length > 0) return { found: composed, question: null };
	if (applied.length > 0) return { found: withoutDebuggers(applied, notes), question: null };
	return guessed(sources);
}

/** A debugger's port must be open to nobody. */
function withoutDebuggers(found: readonly PortFact[], notes: string[]): readonly PlainPort[] {
	const others = found.filter(({ target }) => !debugPorts.has(target));
	if (others.length === 0) return found;
	for (const { target, at } of found) {
		if (debugPorts.has(target)) notes.push(`${placeText(at)}: port ${target} is a debugger's and is left out.`);
	}
	return others;
}

/** EXPOSE has numbers only: a compose file, else a Kubernetes manifest, says what a port is called and speaks. */
function namedIn({ target }: PortFact, ...others: readonly (readonly PortFact[])[]): Pick<PortFact, "name" | "protocol"> {
	const said = others.flatMap((ports) => ports.find((one) => one.target === target) ?? []);
	const name = said.find((one) => one.name !== null)?.name ?? null;
	const protocol = said.find((one) => one.protocol !== null)?.protocol ?? null;
	return { name, protocol };
}

/** EXPOSE is only documentation: where PORT, the health check or Kubernetes says another one, it is asked, and that one proposed. */
function listensElsewhere(found: readonly PlainPort[], { docker, health, kubernetes }: PortSources): Guess {
	const variable = docker?.portVariable ?? null;
	const set = portNumber(variable?.value);
	const [first] = found;
	const words = [
		...(variable && set !== null ? [{ port: set, at: variable.at, says: `${placeText(variable.at)} sets PORT to ${set}` }] : []),
		...(health && health.port !== null
			? [{ port: health.port, at: health.at, says: `${placeText(health.at)} checks port ${health.port}` }]
			: []),
	];
	const applied = kubernetes?.ports ?? [];
	// Of several it is enough that one is exposed.
	if (applied.every((port) => found.every((one) => one.target !== port.target))) {
		words.push(...applied.map(({ target, at }) => ({ port: target, at, says: `${placeText(at)} runs it on port ${target}` })));
	}
	const other = words.find((word) => found.every((one) => one.target !== word.port));
	if (!first?.at || !other) return { found, question: null };
	return {
		found: [{ port: other.port, target: other.port, name: null, protocol: null, at: other.at }],
		question: {
			key: "port",
			sentence: `${placeText(first.at)} exposes ${first.target}, and ${other.says}. On which port does the service listen?`,
			proposed: String(other.port),
			choices: [String(first.target), String(other.port)],
		},
	};
}

/** No EXPOSE and nothing published: the next best word for it, and a question. */
function guessed({ docker, hints, health }: PortSources): Guess {
	const bare = (target: number, at: Place | null): PlainPort[] => [{ port: target, target, name: null, protocol: null, at }];
	const variable = docker?.portVariable ?? null;
	const set = portNumber(variable?.value);
	if (variable && set !== null) return { found: bare(set, variable.at), question: null };
	const argument = docker?.portArgument ?? null;
	if (argument) return { found: bare(argument.value, argument.at), question: null };
	if (health && health.port !== null) return { found: bare(health.port, health.at), question: null };
	const base = docker?.base ?? null;
	const ofBase = basePorts.find(([image]) => base !== null && image.test(base.value))?.[1];
	const ask = (reason: string, proposed: number): PortQuestion => ({
		key: "port",
		sentence: `Nothing exposes a port: there is no EXPOSE, no published port and no PORT. ${reason} On which port does the service listen?`,
		proposed: String(proposed),
		choices: null,
	});
	if (base && ofBase !== undefined) {
		return {
			found: bare(ofBase, base.at),
			question: ask(`${placeText(base.at)}: ${base.value.slice(0, 80)} usually listens on ${ofBase}.`, ofBase),
		};
	}
	if (hints.port) {
		return {
			found: bare(hints.port.value, hints.port.at),
			question: ask(`${placeText(hints.port.at)}: its framework listens on ${hints.port.value} by default.`, hints.port.value),
		};
	}
	const reason = `${fallback} is only a guess, and the variable PORT says it to a service that reads it.`;
	return { found: bare(fallback, null), question: ask(reason, fallback), isGuessed: true };
}

/** Each with a protocol, asked where it could not be told, and a name of its own. */
function named(found: readonly PlainPort[], sources: PortSources, answers: Answers, questions: Question[]): PlannedPort[] {
	const taken = new Set<string>();
	return found.map((one) => {
		const { protocol, question } = protocolOf(one, found.length, sources);
		const key = `protocol.${one.target}`;
		const answer = (["http", "h2c", "tcp"] as const).find((known) => known === answers[key]);
		if (question !== null) {
			questions.push({
				key,
				sentence: question,
				proposed: protocol,
				choices: ["http", "h2c", "tcp"],
				isOpen: answer === undefined,
			});
		}
		const final = answer ?? protocol;
		return { name: nameOf(one, final, taken), port: one.port, target: one.target, protocol: final, from: one.at };
	});
}

/** Its own name when a manifest may have it, else one by protocol; each once. */
function nameOf(port: PlainPort, protocol: PortProtocol, taken: Set<string>): string {
	const own = (port.name ?? "")
		.toLowerCase()
		.replace(/[^a-z0-9-]+/g, "-")
		.replace(/^[^a-z]+|-+$/g, "")
		.slice(0, 15)
		.replace(/-+$/, "");
	const base = own !== "" ? own : protocol === "h2c" ? "grpc" : protocol;
	const name = taken.has(base) ? `p${port.port}` : base;
	const free = taken.has(name) ? `p${port.port}-${taken.size}` : name;
	taken.add(free);
	return free;
}

/** The port that is checked first, then HTTP: the gateway's address leads there. One number of the service once. */
function sorted(ports: readonly PlannedPort[], health: HealthFact | null): PlannedPort[] {
	const rank = (one: PlannedPort): number =>
		health?.port === one.target ? 0 : one.protocol === "http" ? 1 : one.protocol === "h2c" ? 2 : 3;
	const unique = ports.filter((one, index) => ports.findIndex(({ port }) => port === one.port) === index);
	return [...unique].sort((a, b) => rank(a) - rank(b));
}
