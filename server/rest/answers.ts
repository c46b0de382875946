import type { inferRouterOutputs } from "@trpc/server";
import type { MeasurementPoint } from "@/domain/analysis/measurement";
import type { ListedBaseImage } from "@/domain/pipeline/base-image";
import type { ReleaseProvenance } from "@/domain/provenance/statement";
import type { Role } from "@/domain/roles";
import type { Procedure } from "@/server/rest/operations";
import type { AppRouter } from "@/server/trpc/router";
import type {
	ApprovalRow,
	AuditEntry,
	AuditVerification,
	ConfigDifference,
	ConfigPage,
	ConfigVersionRow,
	EnvironmentMatrix,
	FreezeRow,
	GatewayPage,
	HostRow,
	ImportPage,
	InboundHookRow,
	InvitationRow,
	LoggedInstanceRow,
	LogPage,
	ManifestCheck,
	PipelineLogLine,
	PipelinePage,
	PipelineRow,
	PlatformComponent,
	ReleaseComparison,
	ReleaseRow,
	RepositoryRow,
	RolloutPage,
	RolloutRow,
	ScaffoldPage,
	ServiceCount,
	ServicePage,
	ServiceRow,
	TemplatePreview,
	TemplateRow,
	TokenRow,
	UserRow,
	VolumeRow,
	WebhookDeliveryPage,
	WebhookDeliveryRow,
	WebhookRow,
} from "@/server/views";

export interface Started {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
}

export interface People {
	readonly users: readonly UserRow[];
	readonly invitations: readonly InvitationRow[];
}

/** What each procedure answers, by its name: answers.json is made of this (`npm run answers`), and the OpenAPI document of that. */
export interface Answers {
	"session.me": {
		readonly name: string;
		readonly email: string;
		readonly role: Role;
		readonly installation: string;
		readonly domain: string;
		readonly gatewayPort: number;
	};
	"service.list": readonly ServiceRow[];
	"service.count": ServiceCount;
	"service.get": ServicePage;
	"environment.matrix": EnvironmentMatrix;
	"freeze.list": readonly FreezeRow[];
	"freeze.create": FreezeRow;
	"freeze.end": FreezeRow;
	"service.scale": Started & { readonly instances: number };
	"service.restart": Started;
	"service.stop": Started;
	"release.list": readonly ReleaseRow[];
	"release.provenance": ReleaseProvenance | null;
	"release.compare": ReleaseComparison;
	"gateway.routes": GatewayPage;
	"measurement.list": {
		readonly from: Date;
		readonly to: Date;
		readonly stepMs: number;
		readonly points: readonly MeasurementPoint[];
	};
	"config.get": ConfigPage;
	"config.set": { readonly version: number; readonly release: number | null; readonly reason: string | null };
	"config.history": readonly ConfigVersionRow[];
	"config.diff": readonly ConfigDifference[];
	"rollout.list": readonly RolloutRow[];
	"rollout.get": RolloutPage;
	"rollout.deploy": Started;
	"rollout.inbox": readonly ApprovalRow[];
	"rollout.abort": RolloutRow;
	"rollout.promote": RolloutRow;
	"rollout.pause": RolloutRow;
	"rollout.resume": RolloutRow;
	"rollout.approve": RolloutRow;
	"rollout.reject": RolloutRow;
	"rollout.edit": RolloutRow;
	"rollout.retry": Started;
	"rollout.rollback": Started;
	"manifest.check": { readonly service: string; readonly problems: readonly never[] };
	"repository.list": readonly RepositoryRow[];
	"repository.create": RepositoryRow;
	"import.propose": ImportPage;
	"import.check": ManifestCheck;
	"import.look": ImportPage;
	"import.fetch": RepositoryRow;
	"import.commit": { readonly repository: string; readonly number: number };
	"pipeline.list": readonly PipelineRow[];
	"pipeline.get": PipelinePage;
	"pipeline.log": { readonly lines: readonly PipelineLogLine[]; readonly next: number };
	"pipeline.cancel": PipelineRow;
	"log.read": LogPage;
	"log.instances": readonly LoggedInstanceRow[];
	"host.list": readonly HostRow[];
	"host.createJoinToken": { readonly token: string; readonly relay: string; readonly command: string };
	"host.declareLost": HostRow;
	"host.drain": HostRow;
	"host.undrain": HostRow;
	"host.remove": { readonly host: string };
	"audit.list": { readonly rows: readonly AuditEntry[]; readonly next: string | null };
	"audit.verify": AuditVerification;
	"platform.status": readonly PlatformComponent[];
	"volume.list": readonly VolumeRow[];
	"volume.remove": VolumeRow;
	"baseImage.list": readonly ListedBaseImage[];
	"template.list": readonly TemplateRow[];
	"template.preview": TemplatePreview;
	"scaffold.get": ScaffoldPage;
	"scaffold.start": ScaffoldPage;
	"scaffold.cancel": ScaffoldPage;
	"webhook.list": readonly WebhookRow[];
	"webhook.create": { readonly id: string; readonly secret: string };
	"webhook.rotate": { readonly secret: string; readonly previousValidUntil: Date };
	"webhook.test": WebhookDeliveryPage;
	"webhook.disable": WebhookRow;
	"webhook.enable": WebhookRow;
	"webhook.remove": { readonly id: string };
	"webhook.deliveries": { readonly rows: readonly WebhookDeliveryRow[]; readonly next: string | null };
	"webhook.delivery": WebhookDeliveryPage;
	"webhook.redeliver": WebhookDeliveryPage;
	"hook.list": {
		readonly hooks: readonly InboundHookRow[];
		readonly imported: readonly { readonly repository: string; readonly from: string }[];
	};
	"hook.create": { readonly id: string; readonly address: string; readonly secret: string };
	"hook.remove": { readonly id: string };
	"token.list": readonly TokenRow[];
	"token.create": { readonly id: string; readonly token: string; readonly expiresAt: Date };
	"token.revoke": readonly TokenRow[];
	"user.list": People;
	"user.invite": { readonly link: string; readonly expiresAt: Date };
	"user.revokeInvitation": People;
	"user.setRole": People;
	"user.disable": People;
	"user.enable": People;
}

type Outputs = inferRouterOutputs<AppRouter>;
type OutputOf<Name extends Procedure> = Name extends `${infer Noun extends keyof Outputs & string}.${infer Verb}`
	? Outputs[Noun][Verb & keyof Outputs[Noun]]
	: never;

/** Names whose answer above is not what the procedure answers: a compile error names them. */
export type Wrong = {
	[Name in Procedure]: OutputOf<Name> extends Answers[Name] ? (Answers[Name] extends Deep<OutputOf<Name>> ? never : Name) : Name;
}[Procedure];

/** Arrays as readonly ones, all the way down: what is read is not written. */
type Deep<T> = T extends Date
	? T
	: T extends readonly (infer Item)[]
		? readonly Deep<Item>[]
		: T extends object
			? { readonly [Key in keyof T]: Deep<T[Key]> }
			: T;
