import { z } from "zod";
import { createRepository } from "@/server/services/repository";
import { readRepositories, readRepository } from "@/server/store/repository-view";
import { procedure, router } from "@/server/trpc/init";

export const repositoryRouter = router({
	list: procedure
		.input(
			z
				.object({ search: z.string().max(100), after: z.string().max(100), limit: z.number().int().min(1).max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readRepositories(ctx.deps, input)),
	create: procedure.input(z.object({ name: z.string().max(100) })).mutation(async ({ ctx, input }) => {
		const { name } = await createRepository(ctx.deps, ctx.actor, input.name);
		return readRepository(ctx.deps, name);
	}),
});
