import type { BuildRecord } from "@/domain/provenance/model";
import { packageUrl } from "@/domain/provenance/packages";

export interface BuiltRelease {
	readonly service: string;
	readonly number: number;
	readonly repository: string;
	readonly digest: string;
	readonly commit: string;
	readonly branch: string;
	readonly pushedBy: string;
	readonly pipeline: { readonly repository: string; readonly number: number };
}

/** Who built what from what: SLSA provenance v1 in an in-toto statement. It is recorded, not signed. */
export function provenanceOf(release: BuiltRelease, build: BuildRecord) {
	const source = `git+sluice:${release.pipeline.repository}`;
	return {
		_type: "https://in-toto.io/Statement/v1",
		subject: [{ name: release.repository, digest: { sha256: hexOf(release.digest) } }],
		predicateType: "https://slsa.dev/provenance/v1",
		predicate: {
			buildDefinition: {
				buildType: "https://sluice.dev/build/dockerfile/v1",
				externalParameters: {
					source: { uri: `${source}@refs/heads/${release.branch}`, digest: { gitCommit: release.commit } },
					pushedBy: release.pushedBy,
					dockerfile: build.dockerfile.path,
					context: build.context,
					target: build.target,
				},
				internalParameters: { arguments: build.arguments },
				resolvedDependencies: dependenciesOf(source, release, build),
			},
			runDetails: {
				builder: {
					id: `https://sluice.dev/installation/${build.builder.installation}`,
					version: { docker: build.builder.engine },
				},
				metadata: {
					invocationId: `${release.pipeline.repository}/${release.pipeline.number}`,
					startedOn: build.startedAt,
					finishedOn: build.endedAt,
				},
				byproducts: [{ name: "image id", digest: { sha256: hexOf(build.imageId) } }],
			},
		},
	};
}

interface Dependency {
	readonly uri: string;
	readonly digest?: { readonly gitCommit: string } | { readonly sha256: string };
	/** What the Dockerfile names and no registry gave. */
	readonly annotations?: { readonly insteadOf: string };
}

function dependenciesOf(source: string, release: BuiltRelease, build: BuildRecord): Dependency[] {
	return [
		{ uri: `${source}@refs/heads/${release.branch}`, digest: { gitCommit: release.commit } },
		{ uri: `${source}#${build.dockerfile.path}`, digest: { sha256: build.dockerfile.sha256 } },
		...build.bases.map(({ reference, asked, imageId }) => ({
			uri: `docker-image:${reference}`,
			...(imageId === null ? {} : { digest: { sha256: hexOf(imageId) } }),
			...(asked === undefined ? {} : { annotations: { insteadOf: `docker-image:${asked}` } }),
		})),
	];
}

interface SpdxPackage {
	readonly SPDXID: string;
	readonly name: string;
	readonly versionInfo: string;
	readonly downloadLocation: "NOASSERTION";
	readonly filesAnalyzed: false;
	readonly primaryPackagePurpose?: "CONTAINER";
	readonly checksums?: readonly { readonly algorithm: "SHA256"; readonly checksumValue: string }[];
	readonly externalRefs?: readonly {
		readonly referenceCategory: "PACKAGE-MANAGER";
		readonly referenceType: "purl";
		readonly referenceLocator: string;
	}[];
}

/** What is in the image: SPDX 2.3. */
export function spdxOf(release: BuiltRelease, build: BuildRecord) {
	const name = `${release.service}-${release.number}`;
	const packages = build.packages.map(
		(one, index): SpdxPackage => ({
			SPDXID: `SPDXRef-Package-${index + 1}`,
			name: one.name,
			versionInfo: one.version,
			downloadLocation: "NOASSERTION",
			filesAnalyzed: false,
			externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: packageUrl(one) }],
		}),
	);
	const image: SpdxPackage = {
		SPDXID: "SPDXRef-Image",
		name: release.repository,
		versionInfo: release.digest,
		downloadLocation: "NOASSERTION",
		filesAnalyzed: false,
		primaryPackagePurpose: "CONTAINER",
		checksums: [{ algorithm: "SHA256", checksumValue: hexOf(release.digest) }],
	};
	const relation = (spdxElementId: string, relationshipType: string, relatedSpdxElement: string) => ({
		spdxElementId,
		relationshipType,
		relatedSpdxElement,
	});
	return {
		spdxVersion: "SPDX-2.3",
		dataLicense: "CC0-1.0",
		SPDXID: "SPDXRef-DOCUMENT",
		name,
		documentNamespace: `https://sluice.dev/installation/${build.builder.installation}/spdx/${name}-${hexOf(release.digest)}`,
		creationInfo: {
			created: `${build.endedAt.slice(0, 19)}Z`,
			creators: ["Tool: sluice"],
			comment: build.problem ?? undefined,
		},
		packages: [image, ...packages],
		relationships: [
			relation("SPDXRef-DOCUMENT", "DESCRIBES", image.SPDXID),
			...packages.map(({ SPDXID }) => relation(image.SPDXID, "CONTAINS", SPDXID)),
		],
	};
}

function hexOf(digest: string): string {
	return digest.replace(/^sha256:/, "");
}

/** SLSA v1 in an in-toto statement, and SPDX 2.3; recorded, not signed. */
export interface ReleaseProvenance {
	readonly provenance: ReturnType<typeof provenanceOf>;
	readonly sbom: ReturnType<typeof spdxOf>;
}
