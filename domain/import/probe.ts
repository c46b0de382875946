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

/** null = what Sluice does without one: GET / on the first HTTP port, or a TCP connection. */
export function probeOf(
	ports: readonly PlannedPort[],
	health: HealthFact | null,
	{ source, hints, answers }: Hints,
	said: Said,
): ManifestParts["probe"] {
	const http =
		ports.find((one) => one.protocol === "http" && one.target === health?.port) ?? ports.find((one) => one.protocol === "http");
	if (!http) {
		said.values.push({ key: "health", value: `TCP ${ports[0]?.target ?? ""}`, from: null });
		if (health?.kind === "grpc")
			said.notes.push(
				`${placeText(health.at)} asks gRPC's own health service; Sluice takes a TCP connection to the port as healthy.`,
			);
		return null;
	}
	if (health?.kind === "http" && /^\/[!-~]{0,500}$/.test(health.path)) {
		const known = health.port === null || ports.some((one) => one.target === health.port);
		if (!known)
			said.notes.push(
				`${placeText(health.at)} asks port ${health.port}, which is none of the service's: ${health.path} is asked on ${http.target}.`,
			);
		said.values.push({ key: "health", value: `GET ${health.path} :${http.target}`, from: health.at });
		return { path: health.path, port: http.target };
	}
	if (health?.kind === "grpc")
		said.notes.push(`${placeText(health.at)} asks gRPC's own health service, which Sluice does not: name an HTTP path.`);
	return askedProbe(http, health, { source, hints, answers }, said);
}

function askedProbe(
	http: PlannedPort,
	health: HealthFact | null,
	{ source, hints, answers }: Hints,
	said: Said,
): ManifestParts["probe"] {
	const mention = hints.health ?? source.mentions.find(({ path }) => /^\/[!-~]{0,100}$/.test(path)) ?? null;
	const why =
		health === null
			? "No HEALTHCHECK says how the service is checked."
			: health.kind === "none"
				? `${placeText(health.at)} switches the health check off.`
				: `${placeText(health.at)}: the health check asks nothing over HTTP.`;
	const guess = mention ? ` ${placeText(mention)} names ${mention.path}.` : " Without one, GET / must answer.";
	const answer = answers.healthPath;
	const isAnswered = answer !== undefined && (answer === "" || /^\/[!-~]{0,500}$/.test(answer));
	if (answer !== undefined && !isAnswered)
		said.notes.push(`"${answer.slice(0, 60)}" is no path: it begins with / and has no spaces.`);
	said.questions.push({
		key: "healthPath",
		sentence: `${why}${guess} Which path answers with 200 when the service is ready?`,
		proposed: mention?.path ?? "",
		choices: null,
		isOpen: !isAnswered,
	});
	const path = isAnswered ? answer : (mention?.path ?? "");
	said.values.push({
		key: "health",
		value: `GET ${path === "" ? "/" : path} :${http.target}`,
		from: isAnswered || !mention ? null : { file: mention.file, line: mention.line },
	});
	return path === "" ? null : { path, port: http.target };
}
