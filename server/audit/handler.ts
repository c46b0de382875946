import { z } from "zod";
import { exportFormats, mediaTypes } from "@/domain/audit/export";
import { AppError, errorCodes } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import { authenticate } from "@/server/auth";
import type { Portal } from "@/server/portal";
import { exportTrail } from "@/server/services/audit-trail";

const input = z.object({
	format: z.enum(exportFormats),
	search: z.string().max(200).optional(),
	action: z.string().max(100).optional(),
});

/** GET /api/audit/export, for the page's link and the CLI: a file of any length, through the same gate as every procedure. */
export async function handleAuditExport({ deps, auth }: Portal, request: Request): Promise<Response> {
	try {
		const actor = allow(await authenticate(auth, deps.database, request.headers), "audit.export");
		const parsed = input.safeParse(Object.fromEntries(new URL(request.url).searchParams));
		if (!parsed.success) throw new AppError("invalid", `Say format=${exportFormats.join(" or format=")}, and search or action.`);
		const { format, ...filter } = parsed.data;
		const pieces = await exportTrail(deps, actor, filter, format);
		return new Response(streamOf(pieces), {
			headers: {
				"content-type": mediaTypes[format],
				"content-disposition": `attachment; filename="audit.${format}"`,
				"cache-control": "no-store",
			},
		});
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: errorCodes[error.code].http });
	}
}

/** A piece is read when the reader has room for it, and none when it went away. */
function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
	const iterator = pieces[Symbol.asyncIterator]();
	const encoder = new TextEncoder();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await iterator.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await iterator.return?.();
		},
	});
}
