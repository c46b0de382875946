import type { LoggedRequest } from "@/domain/analysis/outcome";
import { Fields } from "./wire";

export interface LogBatch {
	/** `node.id` of the Envoy; null = it did not say. */
	readonly node: string | null;
	readonly requests: readonly LoggedRequest[];
}

/**
 * OpenTelemetry's ExportLogsServiceRequest, with one resource (the Envoy) and a body for each entry as
 * `domain/envoy/access-log.ts` has it written. By hand, because a general decoder makes a dozen objects of an entry,
 * and this runs for every request of the host.
 */
export function decodeBatch(bytes: Buffer): LogBatch {
	const requests: LoggedRequest[] = [];
	let node: string | null = null;
	for (const resourceLogs of each(new Fields(bytes), 1)) {
		while (resourceLogs.next()) {
			if (resourceLogs.number === 1) node = nodeOf(resourceLogs.message()) ?? node;
			else if (resourceLogs.number === 2)
				for (const record of each(resourceLogs.message(), 2)) {
					const request = requestOf(record);
					if (request) requests.push(request);
				}
			else resourceLogs.skip();
		}
	}
	return { node, requests };
}

/** The messages in field `number`. */
function* each(fields: Fields, number: number): Generator<Fields> {
	while (fields.next()) {
		if (fields.number === number) yield fields.message();
		else fields.skip();
	}
}

/** Resource.attributes["node_name"] */
function nodeOf(resource: Fields): string | null {
	for (const attribute of each(resource, 1)) {
		let key = "";
		let value: string | null = null;
		while (attribute.next()) {
			if (attribute.number === 1) key = attribute.text();
			else if (attribute.number === 2) value = stringOf(attribute.message());
			else attribute.skip();
		}
		if (key === "node_name") return value;
	}
	return null;
}

/** LogRecord: time_unix_nano is when the request began. */
function requestOf(record: Fields): LoggedRequest | null {
	let startedAtMs = 0;
	let body: string | null = null;
	while (record.next()) {
		if (record.number === 1) startedAtMs = Math.round(record.fixed64() / 1e6);
		else if (record.number === 5) body = stringOf(record.message());
		else record.skip();
	}
	return body === null ? null : parseLine(body, startedAtMs);
}

/** AnyValue.string_value */
function stringOf(value: Fields): string | null {
	let found: string | null = null;
	while (value.next()) {
		if (value.number === 1) found = value.text();
		else value.skip();
	}
	return found;
}

/** By Envoy's short names: the client closed or reset its connection, or broke the protocol. */
const clientFlags: ReadonlySet<string> = new Set(["DC", "DR", "DPE"]);
/** Timed out upstream, reset here or there, could not connect, connection ended, too many, lived too long, broke the protocol. */
const brokenFlags: ReadonlySet<string> = new Set(["UT", "LR", "UR", "UF", "UC", "UO", "UMSDR", "UPE"]);
const switchingProtocols = 101;

function parseLine(line: string, startedAtMs: number): LoggedRequest | null {
	const [cluster, route, code, grpc, flags, lastByteUs, firstByteUs, totalMs, ...rest] = line.split(" ");
	if (totalMs === undefined || rest.length > 0) return null;
	const total = numberOf(totalMs) ?? 0;
	const status = numberOf(code) ?? 0;
	// An upgraded connection lasts as long as its owners like: what says something is when it was open.
	const answeredUs = numberOf(status === switchingProtocols ? firstByteUs : lastByteUs);
	const raised = flags === "-" ? [] : (flags?.split(",") ?? []);
	return {
		cluster: nameOf(cluster),
		route: nameOf(route),
		endedAtMs: startedAtMs + total,
		durationUs: answeredUs ?? total * 1000,
		code: status,
		grpcStatus: numberOf(grpc),
		isClientGone: raised.some((flag) => clientFlags.has(flag)),
		isBroken: raised.some((flag) => brokenFlags.has(flag)),
	};
}

function numberOf(text: string | undefined): number | null {
	return text === undefined || text === "-" ? null : Number(text);
}

function nameOf(text: string | undefined): string {
	return text === undefined || text === "-" ? "" : text;
}
