import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import type { Env } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { insertRepository, type StoredRepository } from "@/server/store/repository";

const defaultBranch = "main";

/**
 * Makes an empty repository that can be pushed to. The folder comes first: a row always has its folder, and a folder
 * without a row (we died in between) is taken up by the next call. Throws `invalid` or `conflict`.
 */
export async function createRepository(
	deps: { readonly database: Database; readonly env: Pick<Env, "paths"> },
	actor: Actor,
	name: string,
): Promise<StoredRepository> {
	await createBareRepository(repositoryPath(deps.env.paths.repositories, name), defaultBranch);
	await deps.database.$transaction(async (tx) => {
		const isNew = await insertRepository(tx, { name, defaultBranch, createdBy: actor.name });
		if (!isNew) throw new AppError("conflict", `There is a repository "${name}" already: choose another name, or push to it.`);
		await recordAudit(tx, actor, {
			action: "repository.create",
			subjectKind: "repository",
			subject: name,
			summary: `${actor.name} made the repository ${name}`,
		});
	});
	return { name, defaultBranch };
}
