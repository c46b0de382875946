import { z } from "zod";
import { changeService } from "@/server/services/service-verbs";
import { readService, readServices } from "@/server/store/service-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ service: z.string(), environment: z.string() });

export const serviceRouter = router({
	list: procedure
		.input(z.object({ search: z.string().max(100).optional() }).default({}))
		.query(({ ctx, input }) => readServices(ctx.deps, input.search ?? "")),
	get: procedure.input(z.object({ service: z.string() })).query(({ ctx, input }) => readService(ctx.deps, input.service)),
	scale: procedure.input(identity.extend({ instances: z.number().int().min(1).max(1_000) })).mutation(async ({ ctx, input }) => ({
		...input,
		...(await changeService(ctx.deps, ctx.actor, { ...input, kind: "scale" })),
	})),
	restart: procedure.input(identity).mutation(async ({ ctx, input }) => ({
		...input,
		...(await changeService(ctx.deps, ctx.actor, { ...input, kind: "restart" })),
	})),
	stop: procedure.input(identity).mutation(async ({ ctx, input }) => ({
		...input,
		...(await changeService(ctx.deps, ctx.actor, { ...input, kind: "stop" })),
	})),
});
