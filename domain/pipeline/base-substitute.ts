import { type BaseImageName, mainPartOf } from "@/domain/pipeline/base-image";

/** A base of ours that takes the place of an image of a public registry which cannot be fetched. */
export interface BaseSubstitute {
	readonly base: BaseImageName;
	/** What the asked image has and this one has not; null = nothing that Dockerfiles rely on. */
	readonly remark: string | null;
	/** Instructions that make up for what the asked image sets. */
	readonly sets: readonly string[];
}

/** By the repository's name among the hub's official images. */
const official: Readonly<Record<string, BaseImageName>> = {
	python: "python",
	golang: "go",
	node: "node24",
	openjdk: "java",
	java: "java",
	"eclipse-temurin": "java",
	amazoncorretto: "java",
	"ibm-semeru-runtimes": "java",
	sapmachine: "java",
	maven: "java",
	gradle: "java",
	debian: "debian",
	ubuntu: "debian",
	"buildpack-deps": "debian",
	alpine: "debian",
	busybox: "debian",
};

/** Other places of the same images. */
const officialPlaces = ["docker.io/library", "public.ecr.aws/docker/library", "mirror.gcr.io/library"];

/** By how the name begins. */
const others: readonly { readonly prefix: string; readonly base: BaseImageName }[] = [
	{ prefix: "public.ecr.aws/amazoncorretto/amazoncorretto", base: "java" },
	{ prefix: "mcr.microsoft.com/openjdk/jdk", base: "java" },
	{ prefix: "docker.io/adoptopenjdk/openjdk", base: "java" },
	{ prefix: "docker.io/azul/zulu-openjdk", base: "java" },
	{ prefix: "docker.io/bellsoft/liberica-openjdk", base: "java" },
];

/** A distroless image of a language runs what its CMD names. */
const distroless: readonly { readonly name: RegExp; readonly base: BaseImageName; readonly entrypoint: string | null }[] = [
	{ name: /^(?:static|base|base-nossl|cc)\b/, base: "debian", entrypoint: null },
	{ name: /^java-base\b/, base: "java", entrypoint: null },
	{ name: /^java\d*\b/, base: "java", entrypoint: 'ENTRYPOINT ["java", "-jar"]' },
	{ name: /^nodejs\d*\b/, base: "node24", entrypoint: 'ENTRYPOINT ["node"]' },
	{ name: /^python\d*\b/, base: "python", entrypoint: 'ENTRYPOINT ["python3"]' },
];

/** null = there is no base of ours of that kind. */
export function substituteFor(reference: string): BaseSubstitute | null {
	const { registry, repository, tag } = partsOf(reference);
	if (registry === "gcr.io" && repository.startsWith("distroless/")) return ofDistroless(repository.slice(11), tag);
	const place = officialPlaces.find((one) => `${registry}/${repository}`.startsWith(`${one}/`));
	const name = place === undefined ? null : `${registry}/${repository}`.slice(place.length + 1);
	const base =
		name === null
			? others.find(({ prefix }) => `${registry}/${repository}`.startsWith(prefix))?.base
			: Object.hasOwn(official, name)
				? official[name]
				: undefined;
	return base === undefined ? null : { base, remark: remarkOn(name ?? repository, tag), sets: [] };
}

function ofDistroless(name: string, tag: string): BaseSubstitute | null {
	const found = distroless.find((one) => one.name.test(name));
	if (!found) return null;
	const user = /\bnonroot\b/.test(tag) ? ["USER nonroot"] : [];
	return { base: found.base, remark: null, sets: [...(found.entrypoint === null ? [] : [found.entrypoint]), ...user] };
}

function remarkOn(name: string, tag: string): string | null {
	if (name === "gradle") return "Gradle is not in it: only a build that brings a Gradle of its own goes on.";
	if (name === "busybox" || name === "alpine" || /\balpine/.test(tag)) return alpineRemark;
	return null;
}

const alpineRemark =
	"It is Debian, not Alpine: `apk add` installs Debian's package of the same or the nearest name, and what was made for Alpine's C library does not run.";

/** `docker.io/library/python:3.12` of `python:3.12`; a digest is left out. */
function partsOf(reference: string): { registry: string; repository: string; tag: string } {
	const [named = ""] = reference.split("@");
	const [, path = named, tag = "latest"] = /^(.+?)(?::([^/:]+))?$/.exec(named) ?? [];
	const [first = "", ...rest] = path.split("/");
	const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
	if (hasRegistry && !hubNames.has(first)) return { registry: first, repository: rest.join("/"), tag };
	const words = hasRegistry ? rest : [first, ...rest];
	return { registry: "docker.io", repository: words.length === 1 ? `library/${words[0]}` : words.join("/"), tag };
}

const hubNames = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]);

/** What was asked for, what it is built on instead, and why. */
export function substituteSentence(reference: string, substitute: BaseSubstitute): string {
	const { base, remark } = substitute;
	const instead = `built on Sluice's ${base} base (${mainPartOf(base)}) instead.`;
	return `${reference} cannot be fetched here (${whoIsSilent(reference)}): ${instead}${remark === null ? "" : ` ${remark}`}`;
}

/** The same, of a build that has not begun. */
export function replacedSentence(place: string, reference: string, { base, remark }: BaseSubstitute): string {
	const instead = `${reference} is replaced by Sluice's ${base} base (${mainPartOf(base)}) where ${whoIsSilent(reference)}.`;
	return `${place}: ${instead}${remark === null ? "" : ` ${remark}`}`;
}

export function absentSentence(place: string, reference: string): string {
	return `${place}: ${reference} has no base of Sluice's that stands for it: where ${whoIsSilent(reference)}, the build fails.`;
}

/** Said of images that the manifest's `baseImages: hub` does not let be replaced. */
export function forbiddenSentence(references: readonly string[]): string {
	const silent = [...new Set(references.map(whoIsSilent))].join(", ");
	return `${references.join(", ")} cannot be fetched here (${silent}), and the manifest has "baseImages: hub" in Delivery.build: no base of Sluice's takes its place. Give the engine that builds a mirror ("registry-mirrors" in its daemon.json), load the image into it (docker load), or take that line out.`;
}

function whoIsSilent(reference: string): string {
	const { registry } = partsOf(reference);
	return registry === "docker.io" ? "no image hub answers" : `${registry} does not answer`;
}

/** Said of images that no base of ours stands for. Begins with a space; empty = there are none. */
export function missingSentence(references: readonly string[]): string {
	const [first] = references;
	if (first === undefined) return "";
	const silent = [...new Set(references.map(whoIsSilent))].join(", ");
	return ` ${references.join(", ")} cannot be fetched here (${silent}), and Sluice has no base of that kind. Give the engine that builds a mirror ("registry-mirrors" in its daemon.json), load the image into it (docker load), or begin with a base of Sluice's, as "ARG DEBIAN_IMAGE=debian:bookworm-slim" and "FROM \${DEBIAN_IMAGE}" do (sluice base-image list).`;
}
