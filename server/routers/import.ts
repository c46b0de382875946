import { z } from "zod";
import { checkManifest, commitManifest, importRepository, proposeManifest, proposeRemote } from "@/server/services/import";
import { readRepository } from "@/server/store/repository-view";
import { procedure, router } from "@/server/trpc/init";

const name = z.string().max(100);
const answers = z.record(z.string().max(40), z.string().max(2_000));
/** What an address is must say the rules of domain/import/address.ts, in sentences. */
const remote = z.object({
	address: z.string().min(1).max(2_000),
	name: name.nullable().default(null),
	credentials: z
		.object({ username: z.string().min(1).max(200), password: z.string().min(1).max(4_000) })
		.nullable()
		.default(null),
});

export const importRouter = router({
	propose: procedure
		.input(z.object({ repository: name, answers: answers.default({}) }))
		.query(({ ctx, input }) => proposeManifest(ctx.deps, input.repository, input.answers)),
	/** For an editor: problems are an answer here, and a text of any length may be asked about. */
	check: procedure
		.input(z.object({ manifest: z.string().max(256 * 1024) }))
		.mutation(({ input }) => checkManifest(input.manifest)),
	look: procedure
		.input(remote.extend({ answers: answers.default({}) }))
		.mutation(({ ctx, input }) => proposeRemote(ctx.deps, ctx.actor, input, input.answers)),
	fetch: procedure.input(remote).mutation(async ({ ctx, input }) => {
		const made = await importRepository(ctx.deps, ctx.actor, input);
		return readRepository(ctx.deps, made.name);
	}),
	commit: procedure
		.input(z.object({ repository: name, base: z.string().max(64), manifest: z.string().max(256 * 1024) }))
		.mutation(({ ctx, input }) => commitManifest(ctx.deps, ctx.actor, input)),
});
