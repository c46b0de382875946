import { z } from "zod";
import { createHostToken, declareLost, drainHost, removeHostForGood, undrainHost } from "@/server/services/host";
import { readHost, readHosts } from "@/server/store/host-view";
import { procedure, router } from "@/server/trpc/init";

const named = z.object({ host: z.string().max(40) });
const role = z.enum(["gateway", "node"]);

export const hostRouter = router({
	list: procedure.query(({ ctx }) => readHosts(ctx.deps.database)),
	createJoinToken: procedure
		.input(z.object({ name: z.string().max(40), roles: z.array(role).min(1).default(["node"]) }))
		.mutation(({ ctx, input }) => createHostToken(ctx.deps, ctx.actor, input)),
	declareLost: procedure.input(z.object({ proxy: z.string().max(100) })).mutation(async ({ ctx, input }) => {
		const host = await declareLost(ctx.deps, ctx.actor, input.proxy);
		return readHost(ctx.deps.database, host);
	}),
	drain: procedure.input(named).mutation(async ({ ctx, input }) => {
		await drainHost(ctx.deps, ctx.actor, input.host);
		return readHost(ctx.deps.database, input.host);
	}),
	undrain: procedure.input(named).mutation(async ({ ctx, input }) => {
		await undrainHost(ctx.deps, ctx.actor, input.host);
		return readHost(ctx.deps.database, input.host);
	}),
	remove: procedure.input(named.extend({ force: z.boolean().default(false) })).mutation(async ({ ctx, input }) => {
		await removeHostForGood(ctx.deps, ctx.actor, input);
		return { host: input.host };
	}),
});
