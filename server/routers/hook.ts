import { z } from "zod";
import { hookKinds } from "@/domain/webhook/inbound";
import { createHook, hookAddress, removeHookForGood } from "@/server/services/inbound-hook";
import { readHooks, readImported } from "@/server/store/webhook-view";
import { procedure, router } from "@/server/trpc/init";

const wish = z.object({
	repository: z.string().max(40),
	kind: z.enum(hookKinds),
	credentials: z
		.object({ username: z.string().min(1).max(200), password: z.string().min(1).max(4_000) })
		.nullable()
		.default(null),
});

export const hookRouter = router({
	list: procedure.query(async ({ ctx }) => {
		const { database, env } = ctx.deps;
		const hooks = await readHooks(database, (id) => hookAddress(env.portalUrl, id));
		return { hooks, imported: await readImported(database) };
	}),
	create: procedure.input(wish).mutation(({ ctx, input }) => createHook(ctx.deps, ctx.actor, input)),
	remove: procedure.input(z.object({ id: z.string().max(100) })).mutation(async ({ ctx, input }) => {
		await removeHookForGood(ctx.deps, ctx.actor, input.id);
		return { id: input.id };
	}),
});
