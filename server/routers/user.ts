import { z } from "zod";
import { roles } from "@/domain/roles";
import { changeRole, endAccount, inviteUser, reopenAccount, takeBackInvitation } from "@/server/services/user";
import type { Database } from "@/server/store/client";
import { readInvitations, readUsers } from "@/server/store/user-view";
import { procedure, router } from "@/server/trpc/init";

const id = z.string().max(100);

async function readAll(database: Database) {
	return { users: await readUsers(database), invitations: await readInvitations(database) };
}

export const userRouter = router({
	list: procedure.query(({ ctx }) => readAll(ctx.deps.database)),
	invite: procedure
		.input(z.object({ email: z.email().max(200), role: z.enum(roles) }))
		.mutation(({ ctx, input }) => inviteUser(ctx.deps, ctx.actor, input)),
	revokeInvitation: procedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
		await takeBackInvitation(ctx.deps, ctx.actor, input.id);
		return readAll(ctx.deps.database);
	}),
	setRole: procedure.input(z.object({ id, role: z.enum(roles) })).mutation(async ({ ctx, input }) => {
		await changeRole(ctx.deps, ctx.actor, input.id, input.role);
		return readAll(ctx.deps.database);
	}),
	disable: procedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
		await endAccount(ctx.deps, ctx.actor, input.id);
		return readAll(ctx.deps.database);
	}),
	enable: procedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
		await reopenAccount(ctx.deps, ctx.actor, input.id);
		return readAll(ctx.deps.database);
	}),
});
