import { z } from "zod";
import { matrixShows } from "@/domain/environment/show";
import { readMatrix } from "@/server/store/environment-view";
import { procedure, router } from "@/server/trpc/init";

export const environmentRouter = router({
	matrix: procedure
		.input(
			z
				.object({
					search: z.string().max(100),
					show: z.enum(matrixShows),
					environment: z.string().max(100),
					after: z.string().max(100),
					limit: z.number().int().min(1).max(200),
				})
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readMatrix(ctx.deps, ctx.actor, input)),
});
