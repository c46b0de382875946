import { z } from "zod";
import { createHostToken, declareLost } from "@/server/services/host";
import { readHost, readHosts } from "@/server/store/host-view";
import { procedure, router } from "@/server/trpc/init";

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
});
