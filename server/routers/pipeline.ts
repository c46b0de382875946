import { z } from "zod";
import { cancelPipeline } from "@/server/services/pipeline-cancel";
import { readPipeline, readPipelineLog, readPipelineRow, readPipelines } from "@/server/store/pipeline-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ repository: z.string(), number: z.number().int().positive() });

export const pipelineRouter = router({
	list: procedure
		.input(
			z
				.object({ repository: z.string(), before: z.string().max(300), limit: z.number().int().min(1).max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readPipelines(ctx.deps.database, input)),
	get: procedure.input(identity).query(({ ctx, input }) => readPipeline(ctx.deps.database, input)),
	log: procedure
		.input(identity.extend({ after: z.number().int().min(0).default(0) }))
		.query(({ ctx, input }) => readPipelineLog(ctx.deps.database, input, input.after)),
	cancel: procedure.input(identity).mutation(async ({ ctx, input }) => {
		await cancelPipeline(ctx.deps, ctx.actor, input);
		return readPipelineRow(ctx.deps.database, input);
	}),
});
