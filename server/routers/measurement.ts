import { z } from "zod";
import { readRecent } from "@/server/store/measurement";
import { procedure, router } from "@/server/trpc/init";

/** A chart of about 90 to 180 points, whatever the span. */
const steps = { "15m": 10_000, "1h": 30_000, "6h": 120_000 } as const;
const spans = { "15m": 15 * 60_000, "1h": 60 * 60_000, "6h": 6 * 60 * 60_000 } as const;

export const measurementRouter = router({
	list: procedure
		.input(z.object({ service: z.string().max(80), environment: z.string().max(80), span: z.enum(["15m", "1h", "6h"]) }))
		.query(({ ctx, input: { service, environment, span } }) =>
			readRecent(ctx.deps.database, { service, environment, spanMs: spans[span], stepMs: steps[span] }),
		),
});
