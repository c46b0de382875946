import { listBaseImages } from "@/server/services/base-image";
import { procedure, router } from "@/server/trpc/init";

export const baseImageRouter = router({
	list: procedure.query(({ ctx }) => listBaseImages(ctx.deps.env)),
});
