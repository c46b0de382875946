import { z } from "zod";
import { templateInput } from "@/server/routers/template";
import { cancelScaffold, startScaffold } from "@/server/services/scaffold";
import { readScaffold } from "@/server/store/scaffold-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ name: z.string().max(40) });

export const scaffoldRouter = router({
	get: procedure.input(identity).query(({ ctx, input }) => readScaffold(ctx.deps, input.name)),
	start: procedure.input(templateInput.extend({ requestId: z.string().min(8).max(100) })).mutation(async ({ ctx, input }) => {
		const { name } = await startScaffold(ctx.deps, ctx.actor, input);
		return readScaffold(ctx.deps, name);
	}),
	cancel: procedure.input(identity).mutation(async ({ ctx, input }) => {
		await cancelScaffold(ctx.deps, ctx.actor, input.name);
		return readScaffold(ctx.deps, input.name);
	}),
});
