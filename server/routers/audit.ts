import { z } from "zod";
import { readTrail } from "@/server/services/audit-trail";
import { verifyAudit } from "@/server/services/audit-verify";
import { procedure, router } from "@/server/trpc/init";

const entry = z.string().regex(/^\d{1,18}$/);

export const auditRouter = router({
	list: procedure
		.input(
			z
				.object({
					search: z.string().max(200),
					action: z.string().max(100),
					before: entry,
					limit: z.number().int().min(1).max(200),
				})
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readTrail(ctx.deps, ctx.actor, input)),
	verify: procedure
		.input(
			z
				.object({ after: entry, kept: z.string().max(1_000) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input: { after, kept } }) =>
			verifyAudit(ctx.deps, after === undefined ? null : BigInt(after), { kept: kept ?? null }),
		),
});
