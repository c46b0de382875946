/**
 * What webhooks tell. Where CDEvents (0.5.1) has a word for it, that is the type; the rest is `dev.sluice.<noun>.<verb>`.
 * A subscription names types without their version.
 */
export const eventTypes = [
	"dev.cdevents.service.deployed",
	"dev.cdevents.service.upgraded",
	"dev.cdevents.service.rolledback",
	"dev.cdevents.service.removed",
	"dev.cdevents.pipelinerun.finished",
	"dev.cdevents.artifact.published",
	"dev.sluice.rollout.started",
	"dev.sluice.rollout.awaiting-approval",
	"dev.sluice.rollout.approved",
	"dev.sluice.rollout.rejected",
	"dev.sluice.rollout.promoted",
	"dev.sluice.rollout.failed",
	"dev.sluice.release.reconfigured",
	"dev.sluice.service.created",
	"dev.sluice.host.joined",
	"dev.sluice.host.removed",
	"dev.sluice.host.silent",
	"dev.sluice.host.heard",
	"dev.sluice.proxy.lost",
] as const;
export type EventType = (typeof eventTypes)[number] | typeof testType;

/** Sent when somebody asks for it, whatever the subscription names. */
export const testType = "dev.sluice.webhook.tested";

export function isEventType(text: string): text is (typeof eventTypes)[number] {
	return (eventTypes as readonly string[]).includes(text);
}

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

export interface NewEvent {
	readonly type: EventType;
	/** What it is about: `orders`, `orders/staging/4`, `pkg:oci/…`. */
	readonly subject: string;
	/** Whose it is, for subscriptions to some services only; null = nobody's. */
	readonly service: string | null;
	/** The subject's content as CDEvents wants it for this type; empty for types of our own. */
	readonly content: Readonly<Record<string, unknown>>;
	/** In our own words, the same for every type. */
	readonly facts: Facts;
	/** The path of the page that shows it; null = none. */
	readonly page: string | null;
}

export interface StoredEvent extends NewEvent {
	readonly id: string;
	readonly at: Date;
}

/** Who tells: an installation, and where its pages are. */
export interface Teller {
	readonly installation: string;
	readonly portalUrl: string;
}

export const cloudEventsMediaType = "application/cloudevents+json";

const cdeventsVersion = "0.5.1";
/** Of all six types that are used here. */
const cdeventsTypeVersion = "0.3.0";

/** CloudEvents 1.0 in structured mode; the data is a CDEvent, or shaped like one. The same event is the same text, always. */
export function cloudEventText(event: StoredEvent, { installation, portalUrl }: Teller): string {
	const { id, subject, facts, page } = event;
	const source = `/sluice/${installation}`;
	const type = versionedType(event.type);
	const time = event.at.toISOString();
	const uri = page === null ? null : `${portalUrl}${page}`;
	const content = event.type === "dev.cdevents.pipelinerun.finished" && uri !== null ? { ...event.content, uri } : event.content;
	const data = {
		context: { specversion: cdeventsVersion, id, source, type, timestamp: time },
		subject: { id: subject, source, content: sorted(content) },
		customData: sorted({ ...facts, page: uri }),
		customDataContentType: "application/json",
	};
	return JSON.stringify({ specversion: "1.0", id, source, type, subject, time, datacontenttype: "application/json", data });
}

function versionedType(type: EventType): string {
	return type.startsWith("dev.cdevents.") ? `${type}.${cdeventsTypeVersion}` : type;
}

/** What went through the database may have lost its order. */
function sorted(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** An image as a package URL, as CDEvents names artifacts. */
export function imagePurl(repository: string, digest: string): string {
	const name = repository.split("/").at(-1) ?? repository;
	return `pkg:oci/${encodeURIComponent(name)}@${encodeURIComponent(digest)}`;
}
