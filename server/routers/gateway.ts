import { z } from "zod";
import { readGateway } from "@/server/store/gateway-view";
import { procedure, router } from "@/server/trpc/init";

export const gatewayRouter = router({
	routes: procedure
		.input(
			z
				.object({ search: z.string().max(200) })
				.partial()
				.default({}),
		)
		.query(({ ctx, input }) => readGateway(ctx.deps.database, input.search ?? "")),
});
