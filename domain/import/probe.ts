import type { Answers, HealthFact, ImportSource } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import type { PackageHints } from "@/domain/import/package-hints";
import type { PlannedPort } from "@/domain/import/ports";
import type { Said } from "@/domain/import/said";
import type { ManifestParts } from "@/domain/import/write-manifest";

interface Hints {
	readonly source: ImportSource;
	readonly hints: PackageHints;
	readonly answers: Answers;
}

type Check = Pick<ManifestParts, "probe" | "connection">;

const path = /^\/[!-~]{0,500}$/;

/** How the service is checked. Where nothing names a path a connection counts: a guessed one would hold up every rollout. */
export function checkOf(ports: readonly PlannedPort[], health: HealthFact | null, hints: Hints, said: Said): Check {
	const ofHttp = ports.filter(({ protocol }) => protocol === "http");
	const http = ofHttp.find(({ target }) => target === health?.port) ?? ofHttp[0];
	if (health?.kind === "grpc") {
		said.notes.push(`${placeText(health.at)} asks gRPC's own health service; Sluice takes a connection to the port as healthy.`);
	}
	if (!http) {
		said.values.push({ key: "health", value: `TCP ${ports[0]?.target ?? ""}`, from: null });
		return { probe: null, connection: null };
	}
	if (health?.kind === "http" && path.test(health.path)) return saidCheck(http, health, ports, said);
	const ofGrpc = health?.kind === "grpc" ? ports.find(({ target }) => target === health.port) : undefined;
	if (health && ofGrpc) {
		said.values.push({ key: "health", value: `TCP ${ofGrpc.target}`, from: health.at });
		return { probe: null, connection: ofGrpc.name };
	}
	return askedCheck(http, health, hints, said);
}

function saidCheck(http: PlannedPort, health: HealthFact, ports: readonly PlannedPort[], said: Said): Check {
	if (health.port !== null && ports.every(({ target }) => target !== health.port)) {
		said.notes.push(
			`${placeText(health.at)} asks port ${health.port}, which is none of the service's: ${health.path} is asked on ${http.target}.`,
		);
	}
	said.values.push({ key: "health", value: `GET ${health.path} :${http.target}`, from: health.at });
	return { probe: { path: health.path, port: http.target }, connection: null };
}

function askedCheck(http: PlannedPort, health: HealthFact | null, { source, hints, answers }: Hints, said: Said): Check {
	const mention = hints.health ?? source.mentions.find((one) => path.test(one.path)) ?? null;
	const answer = answers.healthPath;
	const isAnswered = answer !== undefined && (answer === "" || path.test(answer));
	if (answer !== undefined && !isAnswered) {
		said.notes.push(`"${answer.slice(0, 60)}" is no path: it begins with / and has no spaces.`);
	}
	const guess = mention ? ` (${placeText(mention)} names ${mention.path}.)` : "";
	said.questions.push({
		key: "healthPath",
		sentence: `${whyAsked(health)}${guess} Which path answers with 200 when the service is ready? Left empty, a connection to the port is enough.`,
		proposed: mention?.path ?? "",
		choices: null,
		isOpen: !isAnswered,
	});
	const asked = isAnswered ? answer : (mention?.path ?? "");
	const from = isAnswered || !mention ? null : { file: mention.file, line: mention.line };
	said.values.push({ key: "health", value: asked === "" ? `TCP ${http.target}` : `GET ${asked} :${http.target}`, from });
	return asked === "" ? { probe: null, connection: http.name } : { probe: { path: asked, port: http.target }, connection: null };
}

function whyAsked(health: HealthFact | null): string {
	if (health === null) return "No HEALTHCHECK says how the service is checked.";
	if (health.kind === "none") return `${placeText(health.at)} switches the health check off.`;
	return `The health check of ${placeText(health.at)} asks nothing over HTTP.`;
}
