import { z } from "zod";
import { versionStates } from "@/domain/version-state";
import { changeService } from "@/server/services/service-verbs";
import { countServices } from "@/server/store/service-list";
import { readService, readServices } from "@/server/store/service-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ service: z.string(), environment: z.string() });

const filter = z.object({
	search: z.string().max(100),
	environment: z.string().max(100),
	state: z.enum(versionStates),
	troubled: z.boolean(),
});

export const serviceRouter = router({
	list: procedure
		.input(
			filter
				.extend({ after: z.string().max(100), limit: z.number().int().min(1).max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readServices(ctx.deps, input)),
	count: procedure.input(filter.partial().default({})).query(({ ctx, input }) => countServices(ctx.deps.database, input)),
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
