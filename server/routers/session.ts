import { portOf } from "@/domain/installation";
import { findUserEmail } from "@/server/store/user";
import { procedure, router } from "@/server/trpc/init";

export const sessionRouter = router({
	me: procedure.query(async ({ ctx: { deps, actor } }) => ({
		name: actor.name,
		email: (await findUserEmail(deps.database, actor.id)) ?? "",
		role: actor.role,
		installation: deps.env.installation.id,
		domain: deps.env.installation.domain,
		gatewayPort: portOf(deps.env.installation.portBase, "gateway"),
	})),
});
