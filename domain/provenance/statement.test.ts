import { expect, test } from "vitest";
import type { BuildRecord } from "@/domain/provenance/model";
import { provenanceOf, spdxOf } from "@/domain/provenance/statement";

const release = {
	service: "orders",
	number: 3,
	repository: "orders",
	digest: `sha256:${"a".repeat(64)}`,
	commit: "c".repeat(40),
	branch: "main",
	pushedBy: "Mei Lin",
	pipeline: { repository: "orders", number: 7 },
};
const build: BuildRecord = {
	builder: { installation: "s1", engine: "20.10.24" },
	startedAt: "2026-11-24T10:00:00.123Z",
	endedAt: "2026-11-24T10:01:00.456Z",
	dockerfile: { path: "Dockerfile", sha256: "d".repeat(64) },
	context: ".",
	target: "runtime",
	arguments: { GO_IMAGE: "sluice/base-go:1" },
	bases: [{ reference: "sluice/base-go:1", imageId: `sha256:${"b".repeat(64)}`, parts: [] }],
	imageId: `sha256:${"e".repeat(64)}`,
	packages: [{ kind: "golang", name: "stdlib", version: "1.27.3" }],
	problem: null,
};

test("the provenance names the image, the commit, the Dockerfile, the base, the builder and the time", () => {
	const { subject, predicate } = provenanceOf(release, build);
	expect(subject).toEqual([{ name: "orders", digest: { sha256: "a".repeat(64) } }]);
	expect(predicate.buildDefinition.resolvedDependencies.map(({ digest }) => digest)).toEqual([
		{ gitCommit: "c".repeat(40) },
		{ sha256: "d".repeat(64) },
		{ sha256: "b".repeat(64) },
	]);
	expect(predicate.runDetails.metadata).toEqual({
		invocationId: "orders/7",
		startedOn: "2026-11-24T10:00:00.123Z",
		finishedOn: "2026-11-24T10:01:00.456Z",
	});
	expect(predicate.runDetails.builder.version).toEqual({ docker: "20.10.24" });
});

test("a base that took the place of another says of which", () => {
	const bases = [{ reference: "sluice/base-python:1", asked: "python:3.12", imageId: `sha256:${"b".repeat(64)}`, parts: [] }];
	const { resolvedDependencies } = provenanceOf(release, { ...build, bases }).predicate.buildDefinition;
	expect(resolvedDependencies.at(-1)).toEqual({
		uri: "docker-image:sluice/base-python:1",
		digest: { sha256: "b".repeat(64) },
		annotations: { insteadOf: "docker-image:python:3.12" },
	});
});

test("the list of packages describes the image, and says when it is not whole", () => {
	const document = spdxOf(release, { ...build, problem: "The program could not be read." });
	expect(document.relationships).toEqual([
		{ spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-Image" },
		{ spdxElementId: "SPDXRef-Image", relationshipType: "CONTAINS", relatedSpdxElement: "SPDXRef-Package-1" },
	]);
	expect(document.packages[1]?.externalRefs?.[0]?.referenceLocator).toBe("pkg:golang/stdlib@1.27.3");
	expect(document.creationInfo).toMatchObject({ created: "2026-11-24T10:01:00Z", comment: "The program could not be read." });
});
