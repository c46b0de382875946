import { z } from "zod";
import { AppError, errorCodes } from "@/domain/errors";
import { addressOf } from "@/server/address";
import type { Portal } from "@/server/portal";
import { acceptInvitation, lookAtInvitation } from "@/server/services/invitation";
import { isForged } from "@/server/trpc/handler";

const input = z.object({
	token: z.string().max(200),
	person: z
		.object({
			name: z.string().trim().min(1, "Say your name.").max(100),
			password: z.string().min(12, "A password has at least 12 characters.").max(128, "A password has at most 128 characters."),
		})
		.optional(),
});

/**
 * POST /api/invitation, for people who have no account yet: with a token alone it says whom it is for, with a person
 * it makes their account. No procedure, because every procedure needs somebody who is known; the token is the permission.
 */
export async function handleInvitation({ deps }: Portal, request: Request): Promise<Response> {
	try {
		if (isForged(request, deps.env.portalUrl))
			throw new AppError("forbidden", "This request comes from another site: it is refused.");
		const parsed = input.safeParse(await request.json().catch(() => null));
		if (!parsed.success) throw new AppError("invalid", parsed.error.issues[0]?.message ?? "The invitation could not be read.");
		const { token, person } = parsed.data;
		const attempt = { token, address: addressOf(request) };
		const answer = person
			? await acceptInvitation(deps.database, { ...attempt, ...person })
			: await lookAtInvitation(deps.database, attempt);
		return Response.json(answer, { headers: { "cache-control": "no-store" } });
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: errorCodes[error.code].http });
	}
}
