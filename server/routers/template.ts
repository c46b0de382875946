import { z } from "zod";
import { listTemplates, previewTemplate } from "@/server/services/template";
import { procedure, router } from "@/server/trpc/init";

/** A form's answers; what they must be says the template's own form. */
export const templateInput = z.object({
	template: z.string().max(40),
	values: z.record(z.string().max(40), z.union([z.string().max(1_000), z.number()])),
});

export const templateRouter = router({
	list: procedure.query(() => listTemplates()),
	preview: procedure.input(templateInput).query(({ ctx, input }) => previewTemplate(ctx.deps, input)),
});
