import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { AppError } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import { isPlaced, nowhere } from "@/domain/policy/scope";
import { targetOf } from "@/domain/policy/target";
import type { Context } from "@/server/trpc/context";
import { toTransport } from "@/server/trpc/error";

const trpc = initTRPC.context<Context>().create({
	transformer: superjson,
	errorFormatter({ shape, error }) {
		const known = error.cause instanceof AppError ? error.cause : null;
		// What we did not foresee is told by its kind only: a vendor's message may hold anything.
		const isOurs = known !== null || error.code !== "INTERNAL_SERVER_ERROR";
		return {
			...shape,
			message: isOurs ? shape.message : "Something went wrong inside the portal: `sluice logs portal` has the details.",
			data: { ...shape.data, stack: undefined, appCode: known?.code ?? null, details: known?.details ?? {} },
		};
	},
});

export const router = trpc.router;

/** Every procedure passes the one gate, by its own path: there is no other way to make one. */
export const procedure = trpc.procedure.use(async ({ ctx, path, next, getRawInput }) => {
	try {
		const limits = ctx.actor?.token?.limits;
		const target = limits && isPlaced(limits) ? targetOf(await getRawInput()) : nowhere;
		const actor = allow(ctx.actor, path, target);
		const result = await next({ ctx: { ...ctx, actor } });
		if (!result.ok) {
			if (result.error.cause instanceof AppError) throw result.error.cause;
			if (result.error.code === "INTERNAL_SERVER_ERROR") {
				ctx.deps.log.error({ path, error: String(result.error.cause ?? result.error) }, "a procedure failed");
			}
		}
		return result;
	} catch (error) {
		if (error instanceof AppError) throw toTransport(error);
		if (error instanceof TRPCError) throw error;
		throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error });
	}
});
