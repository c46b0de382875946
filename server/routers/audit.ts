import { z } from "zod";
import { readAudit } from "@/server/store/audit-view";
import { procedure, router } from "@/server/trpc/init";

export const auditRouter = router({
	list: procedure
		.input(
			z
				.object({
					search: z.string().max(200),
					action: z.string().max(100),
					before: z.string().regex(/^\d{1,18}$/),
					limit: z.number().int().min(1).max(200),
				})
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readAudit(ctx.deps.database, input)),
});
