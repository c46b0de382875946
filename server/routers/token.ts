import { z } from "zod";
import { scopes } from "@/domain/policy/scope";
import { roles } from "@/domain/roles";
import { longestTokenDays } from "@/domain/user/token";
import { createToken, revokeToken } from "@/server/services/token";
import { readTokens } from "@/server/store/token";
import { procedure, router } from "@/server/trpc/init";

const names = z.array(z.string().min(1).max(80)).min(1).max(50);

/** Null = not limited. */
const limits = z.object({
	scopes: z.array(z.enum(scopes)).min(1).nullable().default(null),
	services: names.nullable().default(null),
	environments: names.nullable().default(null),
});

const wish = z.object({
	name: z.string().trim().min(1).max(100),
	role: z.enum(roles),
	days: z.number().int().min(1).max(longestTokenDays).default(90),
	limits: limits.default({ scopes: null, services: null, environments: null }),
});

export const tokenRouter = router({
	list: procedure.query(({ ctx }) => readTokens(ctx.deps.database, ctx.actor.id)),
	create: procedure.input(wish).mutation(({ ctx, input }) => createToken(ctx.deps, ctx.actor, input)),
	revoke: procedure.input(z.object({ id: z.string().max(100) })).mutation(async ({ ctx, input }) => {
		await revokeToken(ctx.deps, ctx.actor, input.id);
		return readTokens(ctx.deps.database, ctx.actor.id);
	}),
});
