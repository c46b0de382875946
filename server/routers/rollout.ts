import { z } from "zod";
import { deploy } from "@/server/services/deploy";
import { decide, editSteps, pause, promote, requestAbort, resume, retry, rollback } from "@/server/services/rollout-verbs";
import { readInbox, readRollout, readRolloutRow, readRollouts } from "@/server/store/rollout-view";
import { procedure, router } from "@/server/trpc/init";

const identity = z.object({ service: z.string(), environment: z.string(), number: z.number().int().positive() });

/** A reason may be given. */
const told = identity.extend({ reason: z.string().trim().max(500).default("") });
/** A reason must be given. */
const reasoned = identity.extend({ reason: z.string().trim().min(1).max(500) });

const step = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("weight"), weight: z.number().min(0).max(100).multipleOf(0.01) }),
	z.object({ kind: z.literal("pause"), durationMs: z.number().int().min(0).max(86_400_000).nullable() }),
	z.object({ kind: z.literal("analysis"), count: z.number().int().min(1).max(1_000) }),
]);

/** Of an administrator, where the environment is frozen. */
const overrideFreeze = z.string().trim().min(1).max(500).optional();

const deployInput = z.union([
	z.object({
		manifest: z.string().max(256 * 1024),
		file: z.string().max(500),
		image: z.string().max(500).optional(),
		environment: z.string(),
		overrideFreeze,
	}),
	z.object({ service: z.string(), release: z.number().int().positive(), environment: z.string(), overrideFreeze }),
]);

export const rolloutRouter = router({
	list: procedure
		.input(
			z
				.object({
					service: z.string(),
					environment: z.string(),
					before: z.string().max(300),
					limit: z.number().int().min(1).max(200),
				})
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readRollouts(ctx.deps.database, input)),
	get: procedure.input(identity).query(({ ctx, input }) => readRollout(ctx.deps, input, ctx.actor)),
	deploy: procedure.input(deployInput).mutation(({ ctx, input }) => deploy(ctx.deps, ctx.actor, input)),
	inbox: procedure
		.input(
			z
				.object({ after: z.string().max(300), limit: z.number().int().min(1).max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readInbox(ctx.deps, ctx.actor, input)),
	abort: procedure.input(reasoned).mutation(async ({ ctx, input }) => {
		await requestAbort(ctx.deps, ctx.actor, input);
		return readRolloutRow(ctx.deps.database, input);
	}),
	promote: procedure.input(told.extend({ full: z.boolean().default(false) })).mutation(async ({ ctx, input }) => {
		await promote(ctx.deps, ctx.actor, { ...input, isFull: input.full });
		return readRolloutRow(ctx.deps.database, input);
	}),
	pause: procedure.input(reasoned).mutation(async ({ ctx, input }) => {
		await pause(ctx.deps, ctx.actor, input);
		return readRolloutRow(ctx.deps.database, input);
	}),
	resume: procedure.input(told).mutation(async ({ ctx, input }) => {
		await resume(ctx.deps, ctx.actor, input);
		return readRolloutRow(ctx.deps.database, input);
	}),
	approve: procedure.input(told.extend({ intentHash: z.string().max(64) })).mutation(async ({ ctx, input }) => {
		await decide(ctx.deps, ctx.actor, { ...input, verdict: "approved" });
		return readRolloutRow(ctx.deps.database, input);
	}),
	reject: procedure.input(reasoned.extend({ intentHash: z.string().max(64) })).mutation(async ({ ctx, input }) => {
		await decide(ctx.deps, ctx.actor, { ...input, verdict: "rejected" });
		return readRolloutRow(ctx.deps.database, input);
	}),
	edit: procedure.input(told.extend({ steps: z.array(step).max(50) })).mutation(async ({ ctx, input }) => {
		await editSteps(ctx.deps, ctx.actor, input);
		return readRolloutRow(ctx.deps.database, input);
	}),
	retry: procedure.input(told).mutation(async ({ ctx, input }) => {
		const { service, environment } = input;
		return { service, environment, ...(await retry(ctx.deps, ctx.actor, input)) };
	}),
	rollback: procedure.input(reasoned).mutation(async ({ ctx, input }) => {
		const { service, environment } = input;
		return { service, environment, ...(await rollback(ctx.deps, ctx.actor, input)) };
	}),
});
