import { z } from "zod";
import { readReleases } from "@/server/store/release-view";
import { procedure, router } from "@/server/trpc/init";

export const releaseRouter = router({
	list: procedure
		.input(z.object({ service: z.string() }))
		.query(({ ctx, input }) => readReleases(ctx.deps.database, input.service)),
});
