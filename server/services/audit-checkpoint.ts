import { ensureCheckpointKey } from "@/adapters/audit/checkpoint-key";
import { appendCheckpoint, type CheckpointFile, newestCheckpoint } from "@/adapters/audit/checkpoints";
import { genesis } from "@/domain/audit/chain";
import { AppError } from "@/domain/errors";
import type { Env } from "@/server/env";
import { auditHashOf, readAuditHead } from "@/server/store/audit-read";
import type { Database } from "@/server/store/client";

interface CheckpointDeps {
	readonly database: Database;
	readonly env: Pick<Env, "paths" | "installation">;
}

export async function checkpointFileOf({ paths, installation }: CheckpointDeps["env"]): Promise<CheckpointFile> {
	return {
		path: paths.auditCheckpoints,
		installation: installation.id,
		key: await ensureCheckpointKey(paths.auditCheckpointKey),
	};
}

/**
 * Writes down where the chain ends, unless it ends where it did. Throws `internal` when it does not continue what was
 * written down last: a checkpoint would then only hide from the next one that rows were cut or rewritten.
 */
export async function checkpointAudit({ database, env }: CheckpointDeps): Promise<void> {
	const file = await checkpointFileOf(env);
	const newest = await newestCheckpoint(file);
	const head = await readAuditHead(database);
	if (newest && head?.sequence === newest.sequence && head.hash === newest.hash && newest.isSigned) return;
	if (newest && !(newest.isSigned && newest.hash === (await auditHashOf(database, newest.sequence)))) {
		throw new AppError(
			"internal",
			`The audit trail does not continue its checkpoint of row ${newest.sequence} (${newest.at.toISOString()}): rows were cut or rewritten. \`sluice audit verify\` says where; no checkpoint is written until then.`,
		);
	}
	if (!head || head.hash === genesis) return;
	await appendCheckpoint(file, { sequence: head.sequence, hash: head.hash, at: new Date() });
}
