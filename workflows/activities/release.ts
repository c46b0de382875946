import type { Manifest } from "@/domain/manifest/model";
import { type PipelineSource, pipelineEnvironment } from "@/domain/pipeline/model";
import { type Actor, systemActor } from "@/domain/roles";
import { startPipelineRollout } from "@/server/services/rollout-start";
import { recordAudit } from "@/server/store/audit";
import { findPipelineRelease, setRelease, setRollout } from "@/server/store/pipeline";
import { recordRelease } from "@/server/store/release";
import { claimService } from "@/server/store/repository";
import { findPipelineRollout } from "@/server/store/rollout";
import { readManifest } from "@/workflows/activities/manifest-file";
import { type PipelineActivityDeps, type StepContext, StepFailure, type StepResult } from "@/workflows/activities/pipeline-step";

/** A pipeline acts for the one who pushed. */
function actorOf(source: PipelineSource): Actor {
	return source.pushedById === ""
		? { ...systemActor, name: source.pushedBy }
		: { ...systemActor, kind: "user", id: source.pushedById, name: source.pushedBy };
}

function onlyDefaultBranch(source: PipelineSource): StepResult<null> {
	return {
		state: "skipped",
		message: `The branch ${source.branch} is built and tested only: the default branch is released.`,
		value: null,
	};
}

/** The release of this digest and manifest; the same push again is the same release. */
export async function recordPipelineRelease(
	deps: PipelineActivityDeps,
	context: StepContext,
	digest: string,
): Promise<StepResult<null>> {
	const { source } = context;
	if (!source.isDefaultBranch) return onlyDefaultBranch(source);
	const manifest = await readManifest(deps, context);
	const { number, isNew } = await deps.database.$transaction((tx) => record(tx, source, manifest, digest));
	const message = `Release ${number} of ${manifest.service}${isNew ? "" : ", recorded before: the image and the manifest are the same"}`;
	return { state: "passed", message, value: null };
}

type Transaction = Parameters<typeof recordRelease>[0];

async function record(tx: Transaction, source: PipelineSource, manifest: Manifest, digest: string) {
	const { service, description, owner } = manifest;
	const { repository, commit, commitMessage, pushedBy: createdBy, pushedById: createdById } = source;
	const refusal = await claimService(tx, { service, repository, description, owner, createdBy });
	if (refusal !== null) throw new StepFailure(refusal);
	const pipelineId = source.id;
	const release = await recordRelease(tx, {
		service,
		repository,
		digest,
		manifest,
		createdBy,
		createdById,
		commit,
		commitMessage,
		pipelineId,
	});
	await setRelease(tx, source.id, release.id);
	if (release.isNew) {
		const subject = `${service}/${release.number}`;
		const summary = `Release ${release.number} of ${service} from commit ${commit.slice(0, 7)}`;
		await recordAudit(tx, actorOf(source), {
			action: "release.record",
			subjectKind: "release",
			subject,
			summary,
			data: { digest },
		});
	}
	return release;
}

/** Ends when the rollout has begun, or a newer release goes instead. */
export async function beginRollout(deps: PipelineActivityDeps, context: StepContext): Promise<StepResult<null>> {
	const { source } = context;
	if (!source.isDefaultBranch) return onlyDefaultBranch(source);
	const release = await findPipelineRelease(deps.database, source.id);
	if (!release) throw new StepFailure("The pipeline has no release to roll out: push again.");
	const { service } = release;
	const environment = pipelineEnvironment;
	if (!release.environments.includes(environment)) {
		return {
			state: "skipped",
			message: `sluice.yaml declares no environment ${environment}: nothing is rolled out.`,
			value: null,
		};
	}
	const request = { service, environment, releaseId: release.id, origin: "pipeline", pipelineId: source.id } as const;
	const outcome = await startPipelineRollout(deps, actorOf(source), request, context.signal, context.say);
	const rollout = await findPipelineRollout(deps.database, source.id, service, environment);
	if (rollout) await setRollout(deps.database, source.id, rollout.id);
	switch (outcome.outcome) {
		case "started":
			return { state: "passed", message: `Rollout ${outcome.number} of ${service} to ${environment} has begun.`, value: null };
		case "superseded":
			return { state: "skipped", message: `Release ${outcome.by} is newer and goes to ${environment} instead.`, value: null };
		case "frozen":
			return {
				state: "skipped",
				message: `${outcome.sentence} Release ${outcome.release} goes there by itself when the freeze is over.`,
				value: null,
			};
		case "unchanged":
			return { state: "passed", message: `This release serves in ${environment} already.`, value: null };
	}
}
