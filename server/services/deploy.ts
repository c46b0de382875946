import { findManifest } from "@/adapters/registry/manifest";
import { AppError } from "@/domain/errors";
import type { Manifest } from "@/domain/manifest/model";
import { parseManifest } from "@/domain/manifest/parse";
import type { Actor } from "@/domain/roles";
import type { PlannedRelease } from "@/domain/rollout/plan";
import type { Deps } from "@/server/deps";
import { resolveImage } from "@/server/services/image";
import { startRollout } from "@/server/services/rollout-start";
import { recordAudit } from "@/server/store/audit";
import { listEnvironments } from "@/server/store/environment";
import { listHosts } from "@/server/store/host";
import { getReleaseByNumber, recordRelease } from "@/server/store/release";
import { ensureService } from "@/server/store/service";

export type DeployInput =
	/** Without an image it is the one that the manifest names. */
	(
		| { readonly manifest: string; readonly file: string; readonly image?: string | undefined; readonly environment: string }
		| { readonly service: string; readonly release: number; readonly environment: string }
	) & {
		/** Why a freeze is gone over, by an administrator. */
		readonly overrideFreeze?: string | undefined;
	};

/**
 * Starts the rollout of a release: a recorded one, or one made of a manifest and an image (the service is made if it
 * is new). Everything that can be refused is refused before anything moves.
 */
export async function deploy(
	deps: Pick<Deps, "database" | "env">,
	actor: Actor,
	input: DeployInput,
): Promise<{ service: string; environment: string; number: number }> {
	const { environment } = input;
	await requireEnvironment(deps, environment);
	const release =
		"manifest" in input ? await releaseOf(deps, actor, input) : await recordedRelease(deps, input.service, input.release);
	const service = release.manifest.service;
	const { overrideFreeze } = input;
	const { number } = await startRollout(deps, actor, {
		service,
		environment,
		releaseId: release.id,
		origin: "user",
		overrideFreeze,
	});
	return { service, environment, number };
}

async function requireEnvironment(deps: Pick<Deps, "database">, environment: string): Promise<void> {
	const names = (await listEnvironments(deps.database)).map((row) => row.name);
	if (!names.includes(environment)) {
		throw new AppError("invalid", `There is no environment ${environment}: choose one of ${names.join(", ")}.`);
	}
	if ((await listHosts(deps.database)).length === 0) {
		throw new AppError("does-not-fit", "No host has joined yet: `sluice host token` makes a token for the first one.");
	}
}

/** What was recorded once may be gone from the registry since: that is said before anything moves. */
async function recordedRelease(deps: Pick<Deps, "database" | "env">, service: string, number: number): Promise<PlannedRelease> {
	const release = await getReleaseByNumber(deps.database, service, number);
	await requireImage(deps, release, `build release ${number} again with a push, or choose another release`);
	return release;
}

async function requireImage(
	{ env }: Pick<Deps, "env">,
	image: { readonly repository: string; readonly digest: string },
	advice: string,
): Promise<void> {
	if (await findManifest(env.registry, image)) return;
	throw new AppError("not-found", `The registry has no ${image.repository}@${image.digest}: ${advice}.`);
}

async function releaseOf(
	deps: Pick<Deps, "database" | "env">,
	actor: Actor,
	input: Extract<DeployInput, { manifest: string }>,
): Promise<{ id: string; manifest: Manifest }> {
	const manifest = parseManifest(input.manifest, input.file);
	if (!manifest.environments[input.environment]) {
		const named = Object.keys(manifest.environments).join(", ");
		throw new AppError("invalid", `${input.file} has no environment ${input.environment}; it has ${named}.`);
	}
	const image = input.image === undefined ? await namedImage(deps, manifest, input.file) : imageOf(input.image);
	await requireImage(deps, image, "push it with `sluice image push` and use the digest that prints");
	return deps.database.$transaction(async (tx) => {
		const { service, description, owner } = manifest;
		if (await ensureService(tx, { name: service, description, owner, createdBy: actor.name })) {
			const summary = `${actor.name} made the service ${service}`;
			await recordAudit(tx, actor, { action: "service.create", subjectKind: "service", subject: service, summary });
		}
		const release = await recordRelease(tx, { service, ...image, manifest, createdBy: actor.name, createdById: actor.id });
		if (release.isNew) {
			const summary = `${actor.name} recorded release ${release.number} of ${service}`;
			const data = { digest: image.digest, ...(input.image === undefined ? { image: manifest.image } : {}) };
			await recordAudit(tx, actor, {
				action: "release.create",
				subjectKind: "release",
				subject: `${service}/${release.number}`,
				summary,
				data,
			});
		}
		return release;
	});
}

async function namedImage(
	deps: Pick<Deps, "env">,
	{ image }: Manifest,
	file: string,
): Promise<{ repository: string; digest: string }> {
	if (image !== undefined) return resolveImage(deps, image);
	throw new AppError(
		"invalid",
		`${file} names no image: write \`image: name:tag\` into its container, or say what to deploy with an image by digest.`,
	);
}

/** `repository@sha256:...`, without a host: images are deployed by digest only. */
function imageOf(text: string): { repository: string; digest: string } {
	const [, repository, digest] = /^([a-z0-9]+(?:[._/-][a-z0-9]+)*)@(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
	if (repository && digest) return { repository, digest };
	throw new AppError(
		"invalid",
		`"${text.slice(0, 200)}" is not an image by digest: give repository@sha256:…, as \`sluice image push\` prints it.`,
	);
}
