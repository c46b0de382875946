import { z } from "zod";
import { readProvenance } from "@/server/store/build-record";
import { compareReleases } from "@/server/store/release-comparison";
import { readReleases } from "@/server/store/release-view";
import { procedure, router } from "@/server/trpc/init";

export const releaseRouter = router({
	provenance: procedure
		.input(z.object({ service: z.string(), release: z.number().int().positive() }))
		.query(({ ctx, input }) => readProvenance(ctx.deps.database, input.service, input.release)),
	compare: procedure
		.input(z.object({ service: z.string(), from: z.number().int().positive(), to: z.number().int().positive() }))
		.query(({ ctx, input }) => compareReleases(ctx.deps, ctx.actor, input)),
	list: procedure
		.input(
			z.object({
				service: z.string(),
				before: z.number().int().positive().optional(),
				limit: z.number().int().min(1).max(200).optional(),
			}),
		)
		.query(({ ctx, input: { service, ...page } }) => readReleases(ctx.deps.database, service, page)),
});
