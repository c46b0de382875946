import { readPlatform } from "@/server/services/platform";
import { procedure, router } from "@/server/trpc/init";

export const platformRouter = router({
	status: procedure.query(({ ctx }) => readPlatform(ctx.deps.env)),
});
