import type { Role } from "@/domain/roles";
import { api } from "./api";
import { portalAddress } from "./installation";

/** Another person, who came by an invitation as people do. */
export async function invitePerson(name: string, role: Role): Promise<{ email: string; password: string }> {
	const email = `${name.toLowerCase()}-${Date.now().toString(36)}@example.com`;
	const password = `the password of ${email}`;
	const { link } = await api().user.invite.mutate({ email, role });
	const token = new URL(link).hash.slice(1);
	const answer = await fetch(`${portalAddress()}/api/invitation`, {
		method: "POST",
		headers: { "content-type": "application/json", origin: portalAddress() },
		body: JSON.stringify({ token, person: { name, password } }),
	});
	if (!answer.ok) throw new Error(`The invitation was not accepted: ${answer.status} ${await answer.text()}`);
	return { email, password };
}
