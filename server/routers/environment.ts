import { readMatrix } from "@/server/store/environment-view";
import { procedure, router } from "@/server/trpc/init";

export const environmentRouter = router({
	matrix: procedure.query(({ ctx }) => readMatrix(ctx.deps, ctx.actor)),
});
