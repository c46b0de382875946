import { z } from "zod";
import { createFreeze, endFreeze } from "@/server/services/freeze";
import { readFreezes } from "@/server/store/freeze";
import { procedure, router } from "@/server/trpc/init";

const name = z.string().max(80);
const moment = z.string().max(40);

const wish = z.object({
	environment: name,
	service: name.nullable().default(null),
	from: moment.optional(),
	until: moment.optional(),
	weekly: z.string().max(60).optional(),
	zone: z.string().max(80).default("UTC"),
	reason: z.string().trim().min(1).max(500),
});

export const freezeRouter = router({
	list: procedure.input(z.object({ environment: name, service: name }).partial().default({})).query(({ ctx, input }) => {
		const { environment, service } = input;
		const filter = { ...(environment === undefined ? {} : { environment }), ...(service === undefined ? {} : { service }) };
		return readFreezes(ctx.deps.database, filter);
	}),
	create: procedure.input(wish).mutation(({ ctx, input }) => createFreeze(ctx.deps, ctx.actor, input)),
	end: procedure
		.input(z.object({ id: z.string().max(40), reason: z.string().trim().max(500).default("") }))
		.mutation(({ ctx, input }) => endFreeze(ctx.deps, ctx.actor, input.id, input.reason)),
});
