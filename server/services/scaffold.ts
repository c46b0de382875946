import { randomUUID } from "node:crypto";
import { AppError } from "@/domain/errors";
import { scaffoldWorkflowId } from "@/domain/names";
import type { Actor } from "@/domain/roles";
import { whyNotCancel } from "@/domain/scaffold/gate";
import type { TemplateValues } from "@/domain/template/model";
import { render } from "@/server/services/template";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { enqueue } from "@/server/store/outbox";
import {
	holderOfName,
	insertScaffold,
	lockScaffold,
	lockScaffoldName,
	newestScaffold,
	rolloutsOf,
	type StoredScaffold,
	setCancelRequested,
} from "@/server/store/scaffold";
import { findUserEmail } from "@/server/store/user";

interface ScaffoldDeps {
	readonly database: Database;
}

/**
 * Starts the making of a service: the run with its rendered tree, an audit row and an outbox row in one transaction; a
 * worker does the rest. The same person's same request is the same run. Throws `invalid`, `not-found`, and `conflict`
 * when the name is taken.
 */
export async function startScaffold(
	{ database }: ScaffoldDeps,
	actor: Actor,
	request: { readonly template: string; readonly values: TemplateValues; readonly requestId: string },
): Promise<{ name: string; number: number }> {
	const { template, values, requestId } = request;
	const files = render(template, values);
	const name = String(values.name);
	return database.$transaction(async (tx) => {
		await lockScaffoldName(tx, name);
		const last = await newestScaffold(tx, name);
		if (last && last.requestId === requestId && last.requestedById === actor.id) return { name, number: last.number };
		const refusal = whyNotFree(name, last, await holderOfName(tx, name));
		if (refusal !== null) throw new AppError("conflict", refusal);
		const number = (last?.number ?? 0) + 1;
		const id = randomUUID();
		const email = (await findUserEmail(tx, actor.id)) ?? `${actor.id}@sluice`;
		const createdAt = new Date(await databaseNow(tx));
		const by = { requestedBy: actor.name, requestedById: actor.id, requestedByKind: actor.kind };
		await insertScaffold(tx, { id, name, number, requestId, template, values, files, ...by, email, createdAt });
		const summary = `${actor.name} creates the service ${name} from the template ${template}`;
		await recordAudit(tx, actor, {
			action: "scaffold.start",
			subjectKind: "service",
			subject: name,
			summary,
			data: { template },
		});
		const workflowId = scaffoldWorkflowId(name, number);
		await enqueue(tx, "scaffold.start", workflowId, { workflowId, scaffoldId: id });
		return { name, number };
	});
}

function whyNotFree(name: string, last: StoredScaffold | null, holder: "repository" | "service" | null): string | null {
	if (last && (last.state === "running" || last.state === "waiting")) {
		return `${last.requestedBy} is creating ${name} already: see /create/${name}, or choose another name.`;
	}
	return holder === null ? null : `There is a ${holder} ${name} already: choose another name.`;
}

/** Asks a run to take away what it has made. Throws `not-found`, and `not-allowed-now` with the gate's sentence. */
export async function cancelScaffold({ database }: ScaffoldDeps, actor: Actor, name: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const newest = await newestScaffold(tx, name);
		const scaffold = newest && (await lockScaffold(tx, newest.id));
		if (!scaffold) throw new AppError("not-found", `No service ${name} is being made from a template.`);
		const refusal = whyNotCancel({ ...scaffold, rollouts: await rolloutsOf(tx, name) });
		if (refusal !== null) throw new AppError("not-allowed-now", `The creation of ${name} cannot be cancelled. ${refusal}`);
		await setCancelRequested(tx, scaffold.id, actor.name);
		const summary = `${actor.name} cancelled the creation of ${name}`;
		await recordAudit(tx, actor, { action: "scaffold.cancel", subjectKind: "service", subject: name, summary });
		const workflowId = scaffoldWorkflowId(name, scaffold.number);
		await enqueue(tx, "scaffold.cancel", `${workflowId}/cancel/${randomUUID()}`, { workflowId });
	});
}
