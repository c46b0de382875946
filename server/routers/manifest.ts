import { z } from "zod";
import { parseManifest } from "@/domain/manifest/parse";
import { procedure, router } from "@/server/trpc/init";

export const manifestRouter = router({
	check: procedure
		.input(z.object({ manifest: z.string().max(256 * 1024), file: z.string().max(500) }))
		.query(({ input }) => ({ service: parseManifest(input.manifest, input.file).service, problems: [] })),
});
