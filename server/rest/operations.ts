import type { inferRouterInputs } from "@trpc/server";
import { cursorText } from "@/domain/cursor";
import type { AppRouter } from "@/server/trpc/router";
import type { EnvironmentMatrix, PipelineRow, RolloutRow } from "@/server/views";

type Inputs = inferRouterInputs<AppRouter>;

/** Every procedure there is: `rollout.get` and so on. */
export type Procedure = { [Noun in keyof Inputs & string]: `${Noun}.${keyof Inputs[Noun] & string}` }[keyof Inputs & string];

/** How a list goes on: the input that asks for the page after, and its value; null = there is none. */
export interface Pages {
	readonly input: "before" | "after" | "from";
	next(answer: unknown, limit: number): string | null;
}

export interface Operation {
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** Below /api/v1; what is in braces is the procedure's input of that name. */
	readonly path: string;
	/** For the reference: what it does, in a few words. */
	readonly says: string;
	/** When it went well; 200 unless said. */
	readonly status?: 201 | 202;
	readonly pages?: Pages;
	/** How long it may take under an Idempotency-Key, in the one transaction that keeps its answer; a minute unless said. */
	readonly longestMs?: number;
}

/** Of the one operation that is no procedure: server/rest/events.ts. */
export const eventsSay = "Its events as they come: server-sent events, each with its row as JSON";

interface Made {
	readonly createdAt: Date | string;
	readonly number: number;
}

const told = (input: Pages["input"]): Pages => ({
	input,
	next(answer) {
		const { next } = answer as { readonly next: string | number | null };
		return next === null ? null : String(next);
	},
});

/** A full page may have one after it; the last row says from where. */
const byRow = <Row extends Made>(wordsOf: (row: Row) => readonly string[]): Pages => ({
	input: "before",
	next(answer, limit) {
		const rows = answer as readonly Row[];
		const last = rows.at(-1);
		if (!last || rows.length < limit) return null;
		return cursorText({ at: new Date(last.createdAt), words: wordsOf(last), number: last.number });
	},
});

/** The same for lists that are in the order of names, and of numbers. */
const byName: Pages = {
	input: "after",
	next: (answer, limit) => lastOf(answer as readonly { readonly name: string }[], limit)?.name ?? null,
};
const byNumber: Pages = {
	input: "before",
	next: (answer, limit) => lastOf(answer as readonly { readonly number: number }[], limit)?.number.toString() ?? null,
};

function lastOf<Row>(rows: readonly Row[], limit: number): Row | null {
	return rows.length < limit ? null : (rows.at(-1) ?? null);
}

/** As long as git may fetch (adapters/git/fetch-remote.ts), and then some. */
const longestFetchMs = 5 * 60_000;

const rollout = "/services/{service}/environments/{environment}/rollouts/{number}";
const environment = "/services/{service}/environments/{environment}";
const pipeline = "/repositories/{repository}/pipelines/{number}";

/**
 * The whole REST API: each procedure's method and path. What is missing does not compile. What is not in the path comes
 * from the query (GET, DELETE) or the body; the procedure's own schema checks it.
 */
export const operations: Readonly<Record<Procedure, Operation>> = {
	"session.me": { method: "GET", path: "/me", says: "Who you are here" },
	"service.list": {
		method: "GET",
		path: "/services",
		says: "Services and what runs where, by name",
		pages: byName,
	},
	"service.count": { method: "GET", path: "/service-count", says: "How many services match, and how many there are" },
	"service.get": { method: "GET", path: "/services/{service}", says: "One service" },
	"service.scale": { method: "POST", path: `${environment}/scale`, says: "Run so many instances", status: 202 },
	"service.restart": {
		method: "POST",
		path: `${environment}/restart`,
		says: "New instances in place of those that run",
		status: 202,
	},
	"service.stop": { method: "POST", path: `${environment}/stop`, says: "Drain and stop all instances", status: 202 },
	"environment.matrix": {
		method: "GET",
		path: "/environments",
		says: "What runs where, and what is ahead of what",
		pages: { ...byName, next: (answer, limit) => byName.next((answer as EnvironmentMatrix).services, limit) },
	},
	"freeze.list": { method: "GET", path: "/freezes", says: "When no new release may enter which environment" },
	"freeze.create": { method: "POST", path: "/freezes", says: "Keep new releases out for a time, once or weekly", status: 201 },
	"freeze.end": { method: "POST", path: "/freezes/{id}/end", says: "Let releases in again, from now on" },
	"release.list": {
		method: "GET",
		path: "/services/{service}/releases",
		says: "The releases of a service, newest first",
		pages: byNumber,
	},
	"release.provenance": {
		method: "GET",
		path: "/services/{service}/releases/{release}/provenance",
		says: "How its image was built (SLSA) and what is in it (SPDX); null = not built here",
	},
	"release.compare": {
		method: "GET",
		path: "/services/{service}/release-comparison",
		says: "What differs between two releases; secrets without their values",
	},
	"gateway.routes": { method: "GET", path: "/gateway/routes", says: "What is published, and which proxy obeys it" },
	"measurement.list": { method: "GET", path: `${environment}/measurements`, says: "Requests, failures and latency, by release" },
	"config.get": { method: "GET", path: `${environment}/config`, says: "The newest configuration; secrets without their values" },
	"config.set": { method: "PATCH", path: `${environment}/config`, says: "A new version of the configuration" },
	"config.history": { method: "GET", path: `${environment}/config/versions`, says: "Every version, newest first" },
	"config.diff": { method: "GET", path: `${environment}/config/diff`, says: "What differs between two versions" },
	"rollout.list": {
		method: "GET",
		path: "/rollouts",
		says: "The newest rollouts",
		pages: byRow<RolloutRow>((row) => [row.service, row.environment]),
	},
	"rollout.deploy": {
		method: "POST",
		path: "/rollouts",
		says: "Roll a release out; makes the service when it is new",
		status: 202,
		longestMs: longestFetchMs,
	},
	"volume.list": { method: "GET", path: "/volumes", says: "Data of services: where it is and which instance holds it" },
	"volume.remove": {
		method: "DELETE",
		path: `${environment}/volumes/{name}`,
		says: "Remove a volume with its data, for good",
	},
	"rollout.inbox": {
		method: "GET",
		path: "/approvals",
		says: "What waits for an approval, oldest first",
		pages: { ...byRow<RolloutRow>((row) => [row.service, row.environment]), input: "after" },
	},
	"rollout.get": { method: "GET", path: rollout, says: "One rollout" },
	"rollout.abort": { method: "POST", path: `${rollout}/abort`, says: "Go back to what served before", status: 202 },
	"rollout.promote": {
		method: "POST",
		path: `${rollout}/promote`,
		says: "On to the next step, or past all of them",
		status: 202,
	},
	"rollout.pause": { method: "POST", path: `${rollout}/pause`, says: "Hold it where it is", status: 202 },
	"rollout.resume": { method: "POST", path: `${rollout}/resume`, says: "Let a paused one go on", status: 202 },
	"rollout.approve": { method: "POST", path: `${rollout}/approve`, says: "Approve the plan of this intent hash", status: 202 },
	"rollout.reject": { method: "POST", path: `${rollout}/reject`, says: "Refuse the plan of this intent hash", status: 202 },
	"rollout.edit": { method: "POST", path: `${rollout}/edit`, says: "Other steps from here on", status: 202 },
	"rollout.retry": { method: "POST", path: `${rollout}/retry`, says: "The same once more, as a new rollout", status: 202 },
	"rollout.rollback": { method: "POST", path: `${rollout}/rollback`, says: "What served before, as a new rollout", status: 202 },
	"manifest.check": { method: "POST", path: "/manifests/check", says: "Is this manifest understood? Changes nothing" },
	"repository.list": { method: "GET", path: "/repositories", says: "Repositories, by name", pages: byName },
	"repository.create": { method: "POST", path: "/repositories", says: "An empty repository to push to", status: 201 },
	"import.propose": {
		method: "POST",
		path: "/repositories/{repository}/proposal",
		says: "The sluice.yaml that a repository is proposed; changes nothing",
	},
	"import.check": {
		method: "POST",
		path: "/manifests/problems",
		says: "The problems of a manifest as it is written; changes nothing",
	},
	"import.look": {
		method: "POST",
		path: "/imports/preview",
		says: "What a repository elsewhere would be proposed; makes nothing",
		longestMs: longestFetchMs,
	},
	"import.fetch": {
		method: "POST",
		path: "/imports",
		says: "Copy a repository from elsewhere",
		status: 201,
		longestMs: longestFetchMs,
	},
	"import.commit": {
		method: "POST",
		path: "/repositories/{repository}/manifest",
		says: "Commit a sluice.yaml as a push of yours; its pipeline starts",
		status: 201,
	},
	"pipeline.list": {
		method: "GET",
		path: "/pipelines",
		says: "The newest pipelines",
		pages: byRow<PipelineRow>((row) => [row.repository]),
	},
	"pipeline.get": { method: "GET", path: pipeline, says: "One pipeline" },
	"pipeline.log": { method: "GET", path: `${pipeline}/log`, says: "Its log after a line", pages: told("after") },
	"pipeline.cancel": { method: "POST", path: `${pipeline}/cancel`, says: "Stop it, its build included", status: 202 },
	"log.read": {
		method: "GET",
		path: `${environment}/logs`,
		says: "What its instances wrote, a page of lines",
		pages: told("from"),
	},
	"log.instances": {
		method: "GET",
		path: `${environment}/logged-instances`,
		says: "Its instances that have a log, gone ones too",
	},
	"host.list": { method: "GET", path: "/hosts", says: "Hosts, what they run and have acknowledged" },
	"host.createJoinToken": { method: "POST", path: "/join-tokens", says: "A token with which one host joins, once", status: 201 },
	"host.declareLost": { method: "POST", path: "/proxies/{proxy}/declare-lost", says: "Your word that a silent proxy is dead" },
	"host.drain": { method: "POST", path: "/hosts/{host}/drain", says: "Place nothing new there, and move what runs", status: 202 },
	"host.undrain": { method: "POST", path: "/hosts/{host}/undrain", says: "Let new instances be placed there again" },
	"host.remove": { method: "DELETE", path: "/hosts/{host}", says: "Forget a silent host: its certificate is refused" },
	"audit.list": { method: "GET", path: "/audit", says: "Who did what, newest first", pages: told("before") },
	"audit.verify": { method: "GET", path: "/audit/verify", says: "Prove a part of the audit trail; go on with `next`" },
	"platform.status": { method: "GET", path: "/platform", says: "The parts of the platform" },
	"baseImage.list": { method: "GET", path: "/base-images", says: "Bases for builds where Docker Hub cannot be reached" },
	"template.list": { method: "GET", path: "/templates", says: "What services can be made of" },
	"template.preview": { method: "POST", path: "/templates/{template}/preview", says: "What would be made; makes nothing" },
	"scaffold.get": { method: "GET", path: "/scaffolds/{name}", says: "How far the making of a service is" },
	"scaffold.start": { method: "POST", path: "/scaffolds", says: "Make a service from a template", status: 202 },
	"scaffold.cancel": {
		method: "POST",
		path: "/scaffolds/{name}/cancel",
		says: "Take away what was made, before its first deploy",
		status: 202,
	},
	"webhook.list": { method: "GET", path: "/webhooks", says: "Who is told of events, and how that goes" },
	"webhook.create": {
		method: "POST",
		path: "/webhooks",
		says: "Tell somebody of events; the secret is shown only now",
		status: 201,
	},
	"webhook.rotate": {
		method: "POST",
		path: "/webhooks/{id}/rotate",
		says: "A new secret, shown only now; for a day everything is signed with both",
	},
	"webhook.test": {
		method: "POST",
		path: "/webhooks/{id}/test",
		says: "Send an event that says only that it arrives",
		status: 202,
	},
	"webhook.disable": { method: "POST", path: "/webhooks/{id}/disable", says: "Tell it nothing any more" },
	"webhook.enable": { method: "POST", path: "/webhooks/{id}/enable", says: "Tell it of events again" },
	"webhook.remove": { method: "DELETE", path: "/webhooks/{id}", says: "Forget it, with its delivery log" },
	"webhook.deliveries": {
		method: "GET",
		path: "/webhook-deliveries",
		says: "What was sent and received, newest first",
		pages: told("before"),
	},
	"webhook.delivery": {
		method: "GET",
		path: "/webhook-deliveries/{delivery}",
		says: "One delivery: its body and each try",
	},
	"webhook.redeliver": {
		method: "POST",
		path: "/webhook-deliveries/{delivery}/redeliver",
		says: "The same once more, under the same id",
		status: 202,
	},
	"hook.list": { method: "GET", path: "/inbound-hooks", says: "Doors for pushes to repositories elsewhere" },
	"hook.create": {
		method: "POST",
		path: "/inbound-hooks",
		says: "Take over pushes to where a repository was imported from; the secret is shown only now",
		status: 201,
	},
	"hook.remove": { method: "DELETE", path: "/inbound-hooks/{id}", says: "Its next message is refused" },
	"token.list": { method: "GET", path: "/tokens", says: "Your own API tokens" },
	"token.create": { method: "POST", path: "/tokens", says: "A new token, shown only now", status: 201 },
	"token.revoke": { method: "DELETE", path: "/tokens/{id}", says: "Its next request is refused" },
	"user.list": { method: "GET", path: "/users", says: "People with an account, and invitations" },
	"user.invite": {
		method: "POST",
		path: "/invitations",
		says: "A link with which a person makes their account, once",
		status: 201,
	},
	"user.revokeInvitation": { method: "DELETE", path: "/invitations/{id}", says: "Take an open invitation back" },
	"user.setRole": { method: "PATCH", path: "/users/{id}", says: "Another role, from the person's next request" },
	"user.disable": { method: "POST", path: "/users/{id}/disable", says: "End their sessions and tokens at once" },
	"user.enable": { method: "POST", path: "/users/{id}/enable", says: "Let them sign in again" },
};
