import { AppError } from "@/domain/errors";
import { whyNotCancel } from "@/domain/pipeline/gate";
import type { Actor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { enqueue } from "@/server/store/outbox";
import { findPipelineStanding, requestCancel } from "@/server/store/pipeline";

/** Asks a pipeline to stop; its build is killed within seconds and it ends `cancelled`. */
export async function cancelPipeline(
	deps: { readonly database: Database },
	actor: Actor,
	input: { readonly repository: string; readonly number: number },
): Promise<void> {
	const { repository, number } = input;
	await deps.database.$transaction(async (tx) => {
		const standing = await findPipelineStanding(tx, repository, number);
		if (!standing) throw new AppError("not-found", `There is no pipeline ${number} of ${repository}.`);
		const reason = whyNotCancel(standing);
		if (reason !== null)
			throw new AppError("not-allowed-now", `Pipeline ${number} of ${repository} cannot be cancelled. ${reason}`);
		if (!(await requestCancel(tx, standing.id, actor.name))) {
			throw new AppError("not-allowed-now", `Pipeline ${number} of ${repository} has just ended, or somebody else cancels it.`);
		}
		const summary = `${actor.name} cancelled pipeline ${number} of ${repository}`;
		await recordAudit(tx, actor, {
			action: "pipeline.cancel",
			subjectKind: "pipeline",
			subject: `${repository}/${number}`,
			summary,
		});
		await enqueue(tx, "pipeline.cancel", `pipeline.cancel/${repository}/${number}`, {
			pipelineId: standing.id,
			repository,
			number,
		});
	});
}
