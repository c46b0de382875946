import { z } from "zod";
import { readProvenance } from "@/server/store/build-record";
import { readReleases } from "@/server/store/release-view";
import { procedure, router } from "@/server/trpc/init";

export const releaseRouter = router({
	provenance: procedure
		.input(z.object({ service: z.string(), release: z.number().int().positive() }))
		.query(({ ctx, input }) => readProvenance(ctx.deps.database, input.service, input.release)),
	list: procedure
		.input(z.object({ service: z.string() }))
		.query(({ ctx, input }) => readReleases(ctx.deps.database, input.service)),
});
