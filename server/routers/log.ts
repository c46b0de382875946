import { z } from "zod";
import { loggedInstances, readInstanceLog } from "@/server/services/instance-log";
import { procedure, router } from "@/server/trpc/init";

/** RFC 3339. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const name = z.string().max(80);
const identity = z.object({ service: name, environment: name });

export const logRouter = router({
	read: procedure
		.input(
			identity.extend({
				direction: z.enum(["backward", "forward"]).default("backward"),
				instance: z.string().max(160).nullable().default(null),
				from: z.string().max(300).nullable().default(null),
				since: time.nullable().default(null),
				until: time.nullable().default(null),
				search: z.string().max(200).default(""),
				limit: z.number().int().min(1).max(2_000).default(500),
			}),
		)
		.query(({ ctx, input }) => readInstanceLog(ctx.deps, input)),
	instances: procedure.input(identity).query(({ ctx, input }) => loggedInstances(ctx.deps, input)),
});
