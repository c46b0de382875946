import { z } from "zod";
import { giveUpVolume } from "@/server/services/volume";
import { readVolume, readVolumes } from "@/server/store/volume-view";
import { procedure, router } from "@/server/trpc/init";

const text = z.string().max(80);

export const volumeRouter = router({
	list: procedure
		.input(z.object({ service: text }).partial().default({}))
		.query(({ ctx, input }) => readVolumes(ctx.deps.database, input)),
	remove: procedure
		.input(z.object({ service: text, environment: text, name: text }))
		.mutation(async ({ ctx, input }) => readVolume(ctx.deps.database, await giveUpVolume(ctx.deps, ctx.actor, input))),
});
