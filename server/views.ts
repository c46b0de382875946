/**
 * What the procedures return: the contract between server, UI and CLI. Dates stay Dates (superjson).
 * Procedures (server/routers/<noun>.ts), with the least role each:
 *
 * session.me            viewer    -> {name, email, role, installation, domain, gatewayPort}
 * service.list          viewer    {search?}                         -> ServiceRow[]
 * service.get           viewer    {service}                         -> ServicePage
 * release.list          viewer    {service}                         -> ReleaseRow[]
 * rollout.list          viewer    {service?, environment?, limit?}  -> RolloutRow[]
 * rollout.get           viewer    {service, environment, number}    -> RolloutPage
 * rollout.deploy        developer {manifest (yaml text), file, image? repository@digest, environment} -> {service, environment, number}
 *                                 creates the service if it is new; image may be left out when the release is given: {service, release, environment}
 * rollout.abort         developer {service, environment, number, reason} -> RolloutRow
 * manifest.check        viewer    {manifest, file}                  -> {service, problems: []} or AppError invalid with details.problems [{file,line,column,message}]
 * repository.list       viewer                                      -> RepositoryRow[]
 * repository.create     developer {name}                            -> RepositoryRow
 * pipeline.list         viewer    {repository?, limit?}             -> PipelineRow[]
 * pipeline.get          viewer    {repository, number}              -> PipelinePage
 * pipeline.log          viewer    {repository, number, after}       -> {lines: PipelineLogLine[], next}
 * pipeline.cancel       developer {repository, number}              -> PipelineRow
 * host.list             viewer                                      -> HostRow[]
 * host.createJoinToken  operator  {name, roles}                     -> {token, relay, command}
 * host.declareLost      operator  {proxy}                           -> HostRow
 * audit.list            operator  {search?, action?, before?, limit?} -> {rows: AuditEntry[], next}
 * template.list         viewer                                      -> TemplateRow[]
 * template.preview      viewer    {template, values}                -> TemplatePreview; makes nothing
 * scaffold.start        developer {template, values, requestId}     -> ScaffoldPage; the same requestId is the same run
 * scaffold.get          viewer    {name}                            -> ScaffoldPage
 * scaffold.cancel       developer {name}                            -> ScaffoldPage
 * token.list            viewer                                      -> TokenRow[] (one's own)
 * token.create          viewer    {name, role, days}                -> {id, token, expiresAt}: shown once; role at most one's own
 * token.revoke          viewer    {id}                              -> TokenRow[]
 * user.list             admin                                       -> {users: UserRow[], invitations: InvitationRow[]}
 * user.invite           admin     {email, role}                     -> {link, expiresAt}: shown once
 * user.revokeInvitation, user.disable, user.enable  admin {id}      -> as user.list
 * user.setRole          admin     {id, role}                        -> as user.list
 * platform.status       viewer                                      -> PlatformComponent[]
 *
 * Live: GET /api/live/rollout/<service>/<environment>/<number>, /api/live/pipeline/<repository>/<number>?after=, /api/live/hosts,
 * /api/live/scaffold/<name>, /api/live/overview: server-sent events. `event: change` tells the page to take what follows (data = the same view as the get
 * procedure, pipeline: PipelineLogLine batches and the page), id = the sequence, Last-Event-ID honoured.
 */
import type { Role } from "@/domain/roles";
import type { InstancePhase, RolloutState } from "@/domain/rollout/model";
import type { ScaffoldState, ScaffoldStepName, ScaffoldStepState } from "@/domain/scaffold/model";
import type { TemplateDefinition, TemplateFile } from "@/domain/template/model";
import type { InvitationState } from "@/domain/user/invitation";

export interface RunningVersion {
	readonly environment: string;
	readonly stable: ReleaseRow | null;
	/** Unfinished rollout here, or null. */
	readonly rollout: RolloutRow | null;
	readonly declared: number;
	/** Serving, and healthy on every proxy that answers. */
	readonly healthy: number;
	/** One sentence when something needs a person; null = well. */
	readonly problem: string | null;
	readonly state: "healthy" | "progressing" | "degraded" | "failed" | "stopped" | "never-deployed" | "unknown";
	readonly url: string | null;
}

export interface ServiceRow {
	readonly name: string;
	readonly description: string;
	readonly owner: string;
	readonly repository: string | null;
	readonly environments: readonly RunningVersion[];
}

export interface ServicePage extends ServiceRow {
	readonly instances: readonly InstanceRow[];
	readonly releases: readonly ReleaseRow[];
	readonly rollouts: readonly RolloutRow[];
	readonly pipelines: readonly PipelineRow[];
	readonly cloneUrl: string | null;
}

export interface ReleaseRow {
	readonly id: string;
	readonly number: number;
	readonly repository: string;
	readonly digest: string;
	readonly commit: string | null;
	readonly commitMessage: string | null;
	readonly createdAt: Date;
	readonly createdBy: string;
	/** Pipeline that made it: its repository and number. */
	readonly pipeline: { readonly repository: string; readonly number: number } | null;
}

export interface InstanceRow {
	readonly id: string;
	readonly host: string;
	readonly environment: string;
	readonly release: number;
	readonly phase: InstancePhase;
	readonly observed: string | null;
	readonly healthyOn: number;
	readonly proxies: number;
	/** In flight now, over all proxies. */
	readonly active: number;
	readonly restarts: number;
	readonly address: string;
	readonly message: string | null;
	readonly createdAt: Date;
}

export interface RolloutRow {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
	readonly strategy: string;
	readonly state: RolloutState;
	readonly reason: string | null;
	readonly from: number | null;
	readonly to: number;
	readonly startedBy: string;
	readonly createdAt: Date;
	readonly endedAt: Date | null;
	/** 0 to 100: the candidate's share as published last. */
	readonly weight: number;
}

export interface RolloutPage extends RolloutRow {
	readonly fromRelease: ReleaseRow | null;
	readonly toRelease: ReleaseRow;
	readonly intentHash: string;
	readonly steps: readonly {
		readonly name: string;
		readonly state: "pending" | "running" | "done" | "failed";
		readonly detail: string;
	}[];
	readonly instances: readonly InstanceRow[];
	readonly revision: number;
	readonly proxies: readonly {
		readonly id: string;
		readonly roles: readonly string[];
		readonly acknowledged: number | null;
		readonly verdict: string | null;
		readonly silentSince: Date | null;
	}[];
	readonly drains: readonly {
		readonly instance: string;
		readonly startedAt: Date;
		readonly endedAt: Date | null;
		readonly samples: readonly { readonly atMs: number; readonly active: number }[];
	}[];
	readonly events: readonly RolloutEventRow[];
	/** Why a verb is not allowed now; null = allowed. From the same gate as the verb itself. */
	readonly verbs: { readonly abort: string | null };
}

export interface RolloutEventRow {
	readonly sequence: number;
	readonly at: Date;
	readonly kind: string;
	readonly actor: string;
	readonly message: string;
	readonly data: Record<string, unknown>;
}

export interface RepositoryRow {
	readonly name: string;
	readonly defaultBranch: string;
	readonly cloneUrl: string;
	readonly service: string | null;
	readonly lastPipeline: PipelineRow | null;
}

export type PipelineState = "queued" | "running" | "passed" | "failed" | "cancelled";

export interface PipelineRow {
	readonly repository: string;
	readonly number: number;
	readonly branch: string;
	readonly commit: string;
	readonly commitMessage: string;
	readonly author: string;
	readonly pushedBy: string;
	readonly state: PipelineState;
	readonly reason: string | null;
	readonly tests: "passed" | "failed" | "none" | null;
	readonly release: number | null;
	readonly rollout: { readonly service: string; readonly environment: string; readonly number: number } | null;
	readonly createdAt: Date;
	readonly endedAt: Date | null;
}

export interface PipelinePage extends PipelineRow {
	readonly steps: readonly {
		readonly name: string;
		readonly state: "pending" | "running" | "passed" | "failed" | "skipped" | "cancelled";
		readonly message: string | null;
		readonly startedAt: Date | null;
		readonly endedAt: Date | null;
	}[];
	readonly verbs: { readonly cancel: string | null };
}

export interface PipelineLogLine {
	readonly sequence: number;
	readonly step: string;
	readonly at: Date;
	readonly text: string;
}

export interface HostRow {
	readonly name: string;
	readonly address: string;
	readonly roles: readonly string[];
	readonly state: "ready" | "silent" | "draining" | "removed";
	readonly leaseAt: Date | null;
	readonly problem: string | null;
	readonly memoryBytes: number;
	readonly cpus: number;
	readonly requestedMemoryBytes: number;
	readonly requestedCpus: number;
	readonly desiredRevision: number;
	readonly reportedRevision: number;
	readonly converged: boolean;
	readonly instances: readonly InstanceRow[];
	readonly proxies: readonly {
		readonly id: string;
		readonly roles: readonly string[];
		readonly alive: boolean;
		readonly leaseAt: Date | null;
		readonly acknowledged: readonly {
			readonly service: string;
			readonly environment: string;
			readonly revision: number;
			readonly published: number;
			readonly verdict: string;
			readonly message: string | null;
		}[];
	}[];
}

export interface AuditEntry {
	readonly id: string;
	readonly at: Date;
	readonly actor: string;
	readonly actorKind: string;
	readonly action: string;
	readonly subjectKind: string;
	readonly subject: string;
	readonly summary: string;
	readonly data: Record<string, unknown>;
}

export interface TemplateRow
	extends Pick<TemplateDefinition, "name" | "title" | "description" | "gives" | "fields" | "firstChange"> {
	/** Paths of its files. */
	readonly tree: readonly string[];
}

export interface TemplatePreview {
	readonly files: readonly TemplateFile[];
	/** The text of its sluice.yaml. */
	readonly manifest: string;
	readonly makes: {
		/** Clone address. */
		readonly repository: string;
		readonly service: string;
		readonly branch: string;
		readonly environment: string;
		readonly url: string | null;
	};
	/** What has the name already; null = it is free. */
	readonly taken: "repository" | "service" | null;
}

export interface ScaffoldPage {
	readonly name: string;
	readonly number: number;
	readonly template: string;
	readonly state: ScaffoldState;
	readonly reason: string | null;
	readonly requestedBy: string;
	readonly cancelRequestedBy: string | null;
	readonly createdAt: Date;
	readonly endedAt: Date | null;
	readonly steps: readonly {
		readonly name: ScaffoldStepName;
		readonly state: ScaffoldStepState;
		readonly message: string | null;
		readonly startedAt: Date | null;
		readonly endedAt: Date | null;
	}[];
	/** The newest of its repository. */
	readonly pipeline: PipelineRow | null;
	readonly cloneUrl: string | null;
	/** Where it answers in staging, when it does. */
	readonly url: string | null;
	readonly verbs: { readonly cancel: string | null };
}

export interface UserRow {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly role: Role;
	readonly disabledAt: Date | null;
	readonly createdAt: Date;
	/** When their newest session was last used; null = not signed in anywhere. */
	readonly seenAt: Date | null;
	readonly tokens: number;
}

export interface InvitationRow {
	readonly id: string;
	readonly email: string;
	readonly role: Role;
	readonly createdBy: string;
	readonly createdAt: Date;
	readonly expiresAt: Date;
	readonly state: InvitationState;
}

export interface TokenRow {
	readonly id: string;
	readonly name: string;
	/** How its text begins, to tell tokens apart. */
	readonly start: string;
	/** Null = whatever its user's role is. */
	readonly role: Role | null;
	readonly createdAt: Date;
	readonly expiresAt: Date | null;
	readonly usedAt: Date | null;
}

export interface PlatformComponent {
	readonly name: string;
	readonly state: "running" | "starting" | "restarting" | "stopped";
	readonly restarts: number;
	readonly since: Date | null;
	readonly detail: string | null;
}
