import { z } from "zod";
import { createRepository } from "@/server/services/repository";
import { readRepositories, readRepository } from "@/server/store/repository-view";
import { procedure, router } from "@/server/trpc/init";

export const repositoryRouter = router({
	list: procedure.query(({ ctx }) => readRepositories(ctx.deps)),
	create: procedure.input(z.object({ name: z.string().max(100) })).mutation(async ({ ctx, input }) => {
		const { name } = await createRepository(ctx.deps, ctx.actor, input.name);
		return readRepository(ctx.deps, name);
	}),
});
