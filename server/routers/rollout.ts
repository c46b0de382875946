import { z } from "zod";
import { deploy } from "@/server/services/deploy";
import { requestAbort } from "@/server/services/rollout-start";
import { readRollout, readRolloutRow, readRollouts } from "@/server/store/rollout-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ service: z.string(), environment: z.string(), number: z.number().int().positive() });

const deployInput = z.union([
	z.object({
		manifest: z.string().max(256 * 1024),
		file: z.string().max(500),
		image: z.string().max(500),
		environment: z.string(),
	}),
	z.object({ service: z.string(), release: z.number().int().positive(), environment: z.string() }),
]);

export const rolloutRouter = router({
	list: procedure
		.input(
			z
				.object({ service: z.string(), environment: z.string(), limit: z.number().int().min(1).max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readRollouts(ctx.deps.database, input)),
	get: procedure.input(identity).query(({ ctx, input }) => readRollout(ctx.deps.database, input)),
	deploy: procedure.input(deployInput).mutation(({ ctx, input }) => deploy(ctx.deps, ctx.actor, input)),
	abort: procedure.input(identity.extend({ reason: z.string().trim().min(1).max(500) })).mutation(async ({ ctx, input }) => {
		await requestAbort(ctx.deps, ctx.actor, input);
		return readRolloutRow(ctx.deps.database, input);
	}),
});
