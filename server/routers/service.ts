import { z } from "zod";
import { readService, readServices } from "@/server/store/service-view";
import { procedure, router } from "@/server/trpc/init";

export const serviceRouter = router({
	list: procedure
		.input(z.object({ search: z.string().max(100).optional() }).default({}))
		.query(({ ctx, input }) => readServices(ctx.deps, input.search ?? "")),
	get: procedure.input(z.object({ service: z.string() })).query(({ ctx, input }) => readService(ctx.deps, input.service)),
});
