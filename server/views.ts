/**
 * What the procedures return: the contract between server, UI and CLI. Dates stay Dates (superjson).
 * Procedures (server/routers/<noun>.ts), with the least role each:
 *
 * session.me            viewer    -> {name, email, role, installation, domain, gatewayPort}
 * service.list          viewer    {search?, environment?, state?, troubled?, after?, limit?} -> ServiceRow[], by name
 * service.count         viewer    {search?, environment?, state?, troubled?} -> ServiceCount
 * service.get           viewer    {service}                         -> ServicePage
 * environment.matrix    viewer    {search?, show?, environment?, after?, limit?} -> EnvironmentMatrix, by name
 * freeze.list           viewer    {environment?, service?}          -> FreezeRow[]; what holds or comes first
 * freeze.create         operator  {environment, service?, from?, until? | weekly, zone, reason} -> FreezeRow
 * freeze.end            operator  {id, reason?}                     -> FreezeRow
 * release.list          viewer    {service, before?, limit?}        -> ReleaseRow[], newest first
 * release.provenance    viewer    {service, release}                -> ReleaseProvenance; null = its image was not built here
 * release.compare       viewer    {service, from, to}               -> ReleaseComparison; secrets without their values
 * gateway.routes        viewer    {search?}                         -> GatewayPage
 * baseImage.list        viewer                                      -> ListedBaseImage[]
 * rollout.list          viewer    {service?, environment?, limit?}  -> RolloutRow[]
 * rollout.get           viewer    {service, environment, number}    -> RolloutPage
 * rollout.deploy        developer {manifest (yaml text), file, image? repository@digest, environment} -> {service, environment, number}
 *                                 creates the service if it is new; image may be left out when the release is given: {service, release, environment}
 * rollout.abort|promote|pause|resume  developer {service, environment, number, reason, full?} -> RolloutRow
 *                                 without image it is the one that the manifest names, copied from where that says
 * volume.list           viewer    {service?}                        -> VolumeRow[]
 * volume.remove         operator  {service, environment, name}      -> VolumeRow
 * rollout.approve|reject developer (the plan names the role) {..., reason, intentHash} -> RolloutRow
 * rollout.edit          developer {..., reason, steps}              -> RolloutRow
 * rollout.retry|rollback developer {..., reason}                    -> {service, environment, number}
 * rollout.inbox         viewer    {after?, limit?}                  -> ApprovalRow[], oldest first
 * service.scale|restart|stop developer {service, environment, instances?} -> {service, environment, number}
 * manifest.check        viewer    {manifest, file}                  -> {service, problems: []} or AppError invalid with details.problems [{file,line,column,message}]
 * repository.list       viewer    {search?, after?, limit?}         -> RepositoryRow[], by name
 * repository.create     developer {name}                            -> RepositoryRow
 * import.propose        viewer    {repository, answers}           -> ImportPage; makes nothing
 * import.check          viewer    {manifest}                        -> ManifestCheck
 * import.look           developer {address, name?, credentials?, answers} -> ImportPage of a repository elsewhere; makes nothing
 * import.fetch          developer {address, name?, credentials?}    -> RepositoryRow
 * import.commit         developer {repository, base, manifest}      -> {repository, number} of the pipeline
 * pipeline.list         viewer    {repository?, limit?}             -> PipelineRow[]
 * pipeline.get          viewer    {repository, number}              -> PipelinePage
 * pipeline.log          viewer    {repository, number, after}       -> {lines: PipelineLogLine[], next}
 * pipeline.cancel       developer {repository, number}              -> PipelineRow
 * log.read              developer {service, environment, direction, instance?, from?, since?, until?, search?, limit?} -> LogPage; developers, as logs may name people
 * log.instances         developer {service, environment}            -> LoggedInstanceRow[]
 * host.list             viewer                                      -> HostRow[]
 * host.createJoinToken  operator  {name, roles}                     -> {token, relay, command}
 * host.declareLost      operator  {proxy}                           -> HostRow
 * config.get            viewer    {service, environment}            -> ConfigPage (plain values from developer on, secrets never)
 * config.set            developer {service, environment, base, changes, comment} -> {version, release, reason}; production: operator
 * config.history        viewer    {service, environment}            -> ConfigVersionRow[]
 * config.diff           viewer    {service, environment, from, to}  -> ConfigDifference[]
 * host.drain            operator  {host}                            -> HostRow
 * host.undrain          operator  {host}                            -> HostRow
 * host.remove           operator  {host, force?}                    -> {host}
 * audit.list            operator  {search?, action?, before?, limit?} -> {rows: AuditEntry[], next}
 * audit.verify          admin     {after?, kept?}                   -> AuditVerification of the part after a row; `next` is the `after` of the following one
 * template.list         viewer                                      -> TemplateRow[]
 * template.preview      viewer    {template, values}                -> TemplatePreview; makes nothing
 * scaffold.start        developer {template, values, requestId}     -> ScaffoldPage; the same requestId is the same run
 * scaffold.get          viewer    {name}                            -> ScaffoldPage
 * scaffold.cancel       developer {name}                            -> ScaffoldPage
 * webhook.list          operator                                    -> WebhookRow[]
 * webhook.create        operator  {name, address, types?, services?} -> {id, secret}: shown once
 * webhook.rotate        operator  {id}                              -> {secret, previousValidUntil}: shown once
 * webhook.disable|enable operator {id}                              -> WebhookRow
 * webhook.remove        operator  {id}                              -> {id}
 * webhook.deliveries    operator  {webhook?, hook?, before?, limit?} -> {rows: WebhookDeliveryRow[], next}
 * webhook.test|delivery|redeliver operator {id} or {delivery}       -> WebhookDeliveryPage
 * hook.list             operator                                    -> {hooks: InboundHookRow[], imported: [{repository, from}]}
 * hook.create           operator  {repository, kind, credentials?}  -> {id, address, secret}: shown once
 * hook.remove           operator  {id}                              -> {id}
 * token.list            viewer                                      -> TokenRow[] (one's own)
 * token.create          viewer    {name, role, days, limits?}       -> {id, token, expiresAt}: shown once; role at most one's own
 * token.revoke          viewer    {id}                              -> TokenRow[]
 * user.list             admin                                       -> {users: UserRow[], invitations: InvitationRow[]}
 * user.invite           admin     {email, role}                     -> {link, expiresAt}: shown once
 * user.revokeInvitation, user.disable, user.enable  admin {id}      -> as user.list
 * user.setRole          admin     {id, role}                        -> as user.list
 * platform.status       viewer                                      -> PlatformComponent[]
 *
 * POST /api/hooks/<id>  no session: the message's own signature  -> 202 {delivery}, 200 = it came before, 401
 *
 * GET /api/audit/export?format=csv|jsonl&search=&action=  operator (audit.export) -> a file, oldest first
 *
 * Live: GET /api/live/rollout/<service>/<environment>/<number>, /api/live/pipeline/<repository>/<number>?after=, /api/live/hosts,
 * /api/live/log/<service>/<environment>[/<instance>] (InstanceLine batches, developer; id = milliseconds of the newest),
 * /api/live/scaffold/<name>, /api/live/overview: server-sent events. `event: change` tells the page to take what follows (data = the same view as the get
 * procedure, pipeline: PipelineLogLine batches and the page), id = the sequence, Last-Event-ID honoured.
 */

import type { ChainProblemKind } from "@/domain/audit/verify";
import type { Drift } from "@/domain/environment/drift";
import type { Proposal } from "@/domain/import/model";
import type { InstanceLine } from "@/domain/instance-log/model";
import type { ManifestProblem } from "@/domain/manifest/problem";
import type { Confirmation } from "@/domain/policy/confirmation";
import type { TokenLimits } from "@/domain/policy/scope";
import type { PackageDifference } from "@/domain/provenance/difference";
import type { Role } from "@/domain/roles";
import type { RolloutVerb } from "@/domain/rollout/gate";
import type { InstancePhase, RolloutKind, RolloutPlan, RolloutState } from "@/domain/rollout/model";
import type { RoutePreview } from "@/domain/rollout/route-preview";
import type { ScaffoldState, ScaffoldStepName, ScaffoldStepState } from "@/domain/scaffold/model";
import type { TemplateDefinition, TemplateFile } from "@/domain/template/model";
import type { RouteDifference } from "@/domain/traffic/difference";
import type { InvitationState } from "@/domain/user/invitation";
import type { VersionState } from "@/domain/version-state";
import type { EventType } from "@/domain/webhook/event";
import type { HookKind } from "@/domain/webhook/inbound";
import type { DeliveryState, WebhookStanding } from "@/domain/webhook/standing";
import type { AnalysisRunRow } from "@/server/store/analysis-run";
import type { DecisionRow } from "@/server/store/decision";

export interface LogPage {
	/** Oldest first. */
	readonly lines: readonly InstanceLine[];
	/** Ask for more `from` here, in the same direction; null = there is no more. */
	readonly next: string | null;
	/** Enough was looked at for one question: ask on. */
	readonly isCut: boolean;
}

export interface LoggedInstanceRow {
	readonly id: string;
	/** null = the database knows it no more. */
	readonly host: string | null;
	readonly release: number | null;
	readonly isGone: boolean;
}

export interface RunningVersion {
	readonly environment: string;
	/** What a change here asks of a person. */
	readonly confirmation: Confirmation;
	readonly stable: ReleaseRow | null;
	/** Unfinished rollout here, or null. */
	readonly rollout: RolloutRow | null;
	readonly declared: number;
	/** Serving, and healthy on every proxy that answers. */
	readonly healthy: number;
	/** One sentence when something needs a person; null = well. */
	readonly problem: string | null;
	readonly state: VersionState;
	/** Where a browser on this machine reaches it; null = not exposed, or this machine is no gateway. */
	readonly url: string | null;
	/** A command that reaches it from every machine that reaches a gateway, name or no name; null = not exposed, or no gateway. */
	readonly curl: string | null;
	/** New releases are kept out now; null = they are not. */
	readonly frozen: Frozen | null;
}

/** The freeze that holds, and longest of those that do. */
export interface Frozen {
	readonly id: string;
	readonly until: Date;
	readonly zone: string;
	readonly reason: string;
	/** As a start is refused. */
	readonly sentence: string;
}

export interface FreezeRow {
	readonly id: string;
	readonly environment: string;
	/** null = every service. */
	readonly service: string | null;
	/** `over` by itself, `ended` by a person. */
	readonly state: "active" | "coming" | "over" | "ended";
	/** The window that holds now or comes next; null = none does. */
	readonly window: { readonly from: Date; readonly until: Date } | null;
	/** Of one that is once. */
	readonly from: Date | null;
	readonly until: Date | null;
	/** `fri 18:00 - mon 08:00`; null = once. */
	readonly weekly: string | null;
	readonly zone: string;
	readonly reason: string;
	readonly createdBy: string;
	readonly createdAt: Date;
	readonly endedAt: Date | null;
	readonly endedBy: string | null;
}

export interface EnvironmentMatrix {
	/** In the order in which releases go through them. */
	readonly environments: readonly {
		readonly name: string;
		readonly confirmation: Confirmation;
		/** Of every service there. */
		readonly frozen: Frozen | null;
	}[];
	readonly services: readonly {
		readonly name: string;
		readonly description: string;
		readonly owner: string;
		/** One an environment, in their order. */
		readonly cells: readonly MatrixCell[];
	}[];
	readonly count: ServiceCount;
}

export interface MatrixCell extends RunningVersion {
	/** Since when its stable release is stable here; null = not known. */
	readonly since: Date | null;
	/** How far the environment before this one differs; null = it has nothing else. */
	readonly drift: Drift | null;
	/** Why the other release cannot be rolled out here now, as the procedure would say it; null = it can, or there is none. */
	readonly refusal: string | null;
}

export interface ServiceRow {
	readonly name: string;
	readonly description: string;
	readonly owner: string;
	readonly repository: string | null;
	readonly environments: readonly RunningVersion[];
}

export interface ServiceCount {
	/** That match; at most a thousand. */
	readonly found: number;
	/** More match than `found` says. */
	readonly isMore: boolean;
	readonly all: number;
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
	/** Environment -> the version of its configuration that it runs with there. */
	readonly config: Readonly<Record<string, number>>;
	/** Pipeline that made it: its repository and number. */
	readonly pipeline: { readonly repository: string; readonly number: number } | null;
}

/** What one has and the other has not; newest first. */
interface ComparedCommits {
	readonly commits: readonly { readonly commit: string; readonly message: string; readonly author: string }[];
	/** There are more than these. */
	readonly isCut: boolean;
}

export interface ReleaseComparison {
	readonly service: string;
	readonly from: ReleaseRow;
	readonly to: ReleaseRow;
	/** Commits that `to` has and `from` has not, and the other way round; null = not known. */
	readonly added: ComparedCommits | null;
	readonly removed: ComparedCommits | null;
	/** By the path in the resolved manifest. */
	readonly manifest: readonly { readonly path: string; readonly from: string | null; readonly to: string | null }[];
	/** By environment that either is configured for; a version is null where it is not. */
	readonly config: readonly {
		readonly environment: string;
		readonly from: number | null;
		readonly to: number | null;
		readonly changes: readonly ConfigDifference[];
	}[];
	/** null = one of the two images was not built here, or before builds were recorded. */
	readonly build: {
		readonly bases: { readonly from: readonly string[]; readonly to: readonly string[] };
		readonly packages: readonly PackageDifference[];
		/** Why a list of packages is not whole. */
		readonly problems: readonly string[];
	} | null;
	/** Those that brought it, newest first. */
	readonly rollouts: { readonly from: readonly RolloutRow[]; readonly to: readonly RolloutRow[] };
}

export interface GatewayProxy {
	readonly id: string;
	readonly host: string;
	readonly roles: readonly string[];
	/** null = it answers. */
	readonly silentSince: Date | null;
	readonly declaredLostAt: Date | null;
}

export interface GatewayRoute {
	readonly service: string;
	readonly environment: string;
	/** As published last. */
	readonly revision: number;
	/** Names in the Host header at the gateway; empty = not reachable from outside. */
	readonly hosts: readonly string[];
	readonly virtualAddress: string;
	readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
	readonly releases: readonly {
		readonly release: number;
		readonly weight: number;
		readonly endpoints: readonly {
			readonly instance: string;
			readonly state: "active" | "draining";
			readonly host: string | null;
			readonly address: string;
			/** What each proxy that answers shows of it. */
			readonly seen: readonly {
				readonly proxy: string;
				readonly health: string;
				readonly draining: boolean;
				readonly active: number;
			}[];
		}[];
	}[];
	readonly proxies: readonly {
		readonly id: string;
		readonly word: "acknowledged" | "behind" | "refused" | "silent" | "never";
		/** That it last spoke of; null = of none. */
		readonly revision: number | null;
		readonly message: string | null;
		readonly at: Date | null;
		/** From what it has to what is published; null = the same, or nobody knows any more what it has. */
		readonly difference: RouteDifference | null;
	}[];
}

export interface GatewayPage {
	readonly proxies: readonly GatewayProxy[];
	readonly routes: readonly GatewayRoute[];
	/** There are more: search. */
	readonly isCut: boolean;
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
	readonly kind: RolloutKind;
	/** A person holds it; null = nobody does. */
	readonly paused: { readonly by: string; readonly reason: string; readonly at: Date } | null;
}

export interface RolloutPage extends RolloutRow {
	readonly fromRelease: ReleaseRow | null;
	readonly toRelease: ReleaseRow;
	readonly intentHash: string;
	readonly steps: readonly {
		readonly name: string;
		readonly state: "pending" | "running" | "done" | "failed" | "skipped";
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
	/** What it waits for now, to be read after "waits for"; null = it has ended or acts. */
	readonly waitsFor: string | null;
	/** Index of the plan's step it is in, since when, and the plan. */
	readonly step: number;
	readonly stepAt: Date | null;
	/** With downtime what serves stops before its successor starts. */
	readonly plan: Pick<RolloutPlan, "steps" | "analysis" | "approval"> & { readonly hasDowntime: boolean };
	/** Newest first. */
	readonly measurements: readonly AnalysisRunRow[];
	/** Oldest first; one on another intent hash is void. */
	readonly decisions: readonly DecisionRow[];
	readonly expiresAt: Date | null;
	readonly changes: RolloutChanges;
	/** Where requests go now, after each step to come, and at its end; empty = it has ended. */
	readonly routes: readonly RoutePreview[];
	/** What a change in this environment asks of a person. */
	readonly confirmation: Confirmation;
	/** Why a verb is not allowed to you now; null = allowed. From the same gate as the verb itself. */
	readonly verbs: Readonly<Record<RolloutVerb, string | null>>;
}

/** What differs between the two releases. */
export interface RolloutChanges {
	/** Newest first; null = not known (no repository, or no common history). */
	readonly commits: readonly { readonly commit: string; readonly message: string; readonly author: string }[] | null;
	readonly config: readonly { readonly path: string; readonly from: string | null; readonly to: string | null }[];
}

export interface ApprovalRow extends RolloutRow {
	readonly intentHash: string;
	readonly approvedBy: readonly string[];
	readonly needed: number;
	readonly role: string;
	readonly expiresAt: Date;
	readonly changes: RolloutChanges;
	readonly confirmation: Confirmation;
	/** Why you cannot approve it; null = you can. */
	readonly refusal: string | null;
	/** Why you cannot reject it; null = you can. */
	readonly rejectRefusal: string | null;
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

export interface ManifestCheck {
	/** null = there are problems. */
	readonly service: string | null;
	readonly problems: readonly ManifestProblem[];
}

/** A repository without a `sluice.yaml`, and the one it is proposed. */
export interface ImportPage {
	readonly repository: string;
	readonly branch: string;
	/** What the proposal was made of; a commit goes on top of it. */
	readonly commit: string;
	readonly hasManifest: boolean;
	/** Why this repository cannot make the proposed service. */
	readonly refusal: string | null;
	readonly proposal: Proposal;
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
	/** `drained` = draining, and nothing is left there. */
	readonly state: "ready" | "silent" | "draining" | "drained" | "removed";
	readonly leaseAt: Date | null;
	readonly problem: string | null;
	readonly memoryBytes: number;
	readonly cpus: number;
	readonly requestedMemoryBytes: number;
	readonly requestedCpus: number;
	readonly desiredRevision: number;
	readonly reportedRevision: number;
	readonly converged: boolean;
	/** The first twenty; those that say something come first. */
	readonly instances: readonly InstanceRow[];
	readonly instanceCount: number;
	readonly proxies: readonly {
		readonly id: string;
		readonly roles: readonly string[];
		readonly alive: boolean;
		readonly leaseAt: Date | null;
		/** How many services in environments it has acknowledged. */
		readonly acknowledgedCount: number;
		/** The first twenty of them; those that it refuses or is behind with come first. */
		readonly acknowledged: readonly {
			readonly service: string;
			readonly environment: string;
			readonly revision: number;
			readonly published: number;
			readonly verdict: string;
			readonly message: string | null;
		}[];
	}[];
	/** Why a verb is not allowed now; null = allowed. From the same gate as the verb itself. */
	readonly verbs: {
		readonly drain: string | null;
		readonly undrain: string | null;
		readonly remove: string | null;
		readonly forceRemove: string | null;
	};
}

/** Data of a service in an environment, on one host; it outlives what used it. */
export interface VolumeRow {
	/** The engine's name for it. */
	readonly id: string;
	readonly service: string;
	readonly environment: string;
	/** The manifest's. */
	readonly name: string;
	readonly host: string;
	/** An instance; null = none. */
	readonly heldBy: string | null;
	readonly createdAt: Date;
	/** A person removed it, and its host has not yet said that it is gone; null = nobody has. */
	readonly removedAt: Date | null;
	readonly removedBy: string | null;
	/** Why it cannot be removed now; null = it can. */
	readonly refusal: string | null;
}

export interface ConfigEntryRow {
	readonly name: string;
	readonly kind: "plain" | "secret";
	/** Of a plain one, to those who may see it; a secret's is never sent. */
	readonly value: string | null;
	/** Of a secret: which value it is, who set it, and when. */
	readonly secret: { readonly version: number; readonly setBy: string; readonly setAt: Date } | null;
}

export interface ConfigPage {
	readonly service: string;
	readonly environment: string;
	/** 0 = nothing was ever set. */
	readonly version: number;
	readonly entries: readonly ConfigEntryRow[];
	/** What serves here; `version` null = it uses no configuration. */
	readonly serving: { readonly release: number; readonly version: number | null } | null;
	/** The release to roll this version out with: of the image that serves (of any, when nothing does); null = there is none. */
	readonly undeployed: number | null;
	/** Names that the serving (or newest) release's manifest uses. */
	readonly used: readonly string[];
	/** Why a verb is not allowed; null = allowed. */
	readonly verbs: { readonly set: string | null };
}

export interface ConfigDifference {
	readonly name: string;
	readonly change: "added" | "removed" | "changed";
	readonly before: ConfigEntryRow | null;
	readonly after: ConfigEntryRow | null;
}

export interface ConfigVersionRow {
	readonly version: number;
	readonly comment: string;
	readonly createdBy: string;
	readonly createdAt: Date;
	readonly changes: readonly ConfigDifference[];
	/** Releases that run with it here, newest first. */
	readonly releases: readonly number[];
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

/** A line of an export: with what verification needs. */
export interface ExportedAuditEntry extends AuditEntry {
	readonly actorId: string;
	readonly previous: string | null;
	readonly hash: string | null;
}

export interface AuditVerification {
	/** Numbers of the first and the last row that are whole, how many, and when they were written. `to` before `from` = none. */
	readonly from: string;
	readonly to: string;
	readonly rows: number;
	readonly fromAt: Date | null;
	readonly toAt: Date | null;
	/** Rows from before the chain, which its first row vouches for. */
	readonly older: number;
	/** The number that the chain's head has. */
	readonly head: string;
	/** Signed checkpoints of these rows that they were compared with. */
	readonly checkpoints: number;
	readonly newestCheckpoint: { readonly entry: string; readonly at: Date } | null;
	/** The first thing that is wrong; null = this part is whole. */
	readonly problem: {
		readonly kind: ChainProblemKind;
		readonly entry: string;
		readonly until: string;
		readonly at: Date | null;
		readonly sentence: string;
	} | null;
	/** Null = the end was looked at too, or something is wrong. */
	readonly next: string | null;
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
	/** Where it answers in staging, when it does: for a browser, and as a command. */
	readonly url: string | null;
	readonly curl: string | null;
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
	/** What it is narrowed to, below its role. */
	readonly limits: TokenLimits;
	readonly createdAt: Date;
	readonly expiresAt: Date | null;
	readonly usedAt: Date | null;
}

export interface WebhookRow {
	readonly id: string;
	readonly name: string;
	readonly address: string;
	/** Empty = all. */
	readonly types: readonly EventType[];
	/** Empty = all, and what belongs to no service. */
	readonly services: readonly string[];
	/** failing = its receiver has taken nothing for 10 minutes or more. */
	readonly standing: WebhookStanding;
	readonly disabledAt: Date | null;
	readonly disabledReason: string | null;
	readonly failingSince: Date | null;
	/** The secret before the present one is good until then; null = there is none. */
	readonly previousSecretUntil: Date | null;
	readonly createdBy: string;
	readonly createdAt: Date;
	/** The newest delivery. */
	readonly last: { readonly state: DeliveryState; readonly at: Date } | null;
}

export interface InboundHookRow {
	readonly id: string;
	readonly repository: string;
	readonly kind: HookKind;
	/** Where it fetches from. */
	readonly from: string;
	/** Where the sender sends to. */
	readonly address: string;
	readonly createdBy: string;
	readonly createdAt: Date;
	readonly last: { readonly state: DeliveryState; readonly at: Date } | null;
}

export interface WebhookDeliveryRow {
	readonly id: string;
	/** The webhook's id, of one that is sent. */
	readonly webhook: string | null;
	/** The inbound hook's id, of one that was received. */
	readonly hook: string | null;
	/** The webhook's name, or the inbound hook's repository. */
	readonly to: string;
	readonly type: string;
	readonly subject: string | null;
	readonly state: DeliveryState;
	/** One sentence: why it waits, was given up or ignored, or what it led to. */
	readonly reason: string | null;
	readonly tries: number;
	readonly lastStatus: number | null;
	readonly lastDurationMs: number | null;
	/** When it is tried again; null = it is not. */
	readonly nextAt: Date | null;
	readonly createdAt: Date;
	readonly endedAt: Date | null;
}

export interface WebhookDeliveryPage extends WebhookDeliveryRow {
	/** What is sent, byte for byte; null = it was received. */
	readonly body: string | null;
	/** Newest first. */
	readonly attempts: readonly {
		readonly number: number;
		readonly at: Date;
		readonly durationMs: number;
		readonly status: number | null;
		/** The first KB. */
		readonly answer: string;
		readonly problem: string | null;
	}[];
}

export interface PlatformComponent {
	readonly name: string;
	/** absent = its program could not be fetched; all else works without it. */
	readonly state: "running" | "starting" | "restarting" | "stopped" | "absent";
	readonly restarts: number;
	readonly since: Date | null;
	readonly detail: string | null;
}
