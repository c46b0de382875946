import { z } from "zod";
import { longestValueBytes } from "@/domain/config/rules";
import { setConfig } from "@/server/services/config";
import { readConfig, readConfigDiff, readConfigHistory } from "@/server/store/config-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ service: z.string().max(80), environment: z.string().max(80) });
const version = z.number().int().min(0);
const name = z.string().min(1).max(200);
const value = z.string().max(longestValueBytes);

const change = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("plain"), name, value }),
	z.object({ kind: z.literal("secret"), name, value: value.min(1) }),
	z.object({ kind: z.literal("remove"), name }),
]);

const wish = identity.extend({
	base: version,
	changes: z.array(change).max(400),
	comment: z.string().trim().max(500).default(""),
});

export const configRouter = router({
	get: procedure.input(identity).query(({ ctx, input }) => readConfig(ctx.deps.database, ctx.actor, input)),
	set: procedure.input(wish).mutation(({ ctx, input }) => setConfig(ctx.deps, ctx.actor, input)),
	history: procedure.input(identity).query(({ ctx, input }) => readConfigHistory(ctx.deps.database, ctx.actor, input)),
	diff: procedure
		.input(identity.extend({ from: version, to: version }))
		.query(({ ctx, input }) => readConfigDiff(ctx.deps.database, ctx.actor, input)),
});
