import type { Json, JsonObject } from "@/domain/envoy/json";
import { AppError } from "@/domain/errors";
import { type FieldDescriptor, type MessageDescriptor, type Protos, protos } from "./protos";

/**
 * Canonical proto3 JSON to bytes. protobufjs' own `fromObject` knows neither durations, wrappers nor Any in JSON, drops
 * fields it does not know and takes two members of a oneof: a typing mistake would become a route that silently does
 * something else. Here each of those is an error that names the place.
 */
export function encodeJson(type: string, value: JsonObject): Buffer {
	return protos().encode(type, convertMessage(protos(), type, value, type));
}

const wrappers = /^google\.protobuf\.(?:UInt32|UInt64|Int32|Int64|Double|Float|Bool|String|Bytes)Value$/;

function refuse(where: string, what: string): never {
	throw new AppError("internal", `Envoy configuration at ${where}: ${what}. This is a defect of Sluice.`);
}

function convertMessage(known: Protos, type: string, value: Json, where: string): object {
	if (type === "google.protobuf.Duration") return convertDuration(value, where);
	if (type === "google.protobuf.Any") return convertAny(known, value, where);
	if (wrappers.test(type)) return { value };
	const descriptor = known.messages.get(type);
	if (!descriptor) refuse(where, `unknown type ${type}`);
	if (!isObject(value)) refuse(where, `expected ${type}, got ${JSON.stringify(value)}`);
	checkOneofs(descriptor, value, where);
	const fields = new Map((descriptor.field ?? []).map((field) => [field.name, field]));
	return Object.fromEntries(
		Object.entries(value).map(([name, content]) => {
			const field = fields.get(name);
			if (!field) refuse(where, `${type} has no field ${name}`);
			return [name, convertField(known, type, field, content, `${where}.${name}`)];
		}),
	);
}

function checkOneofs(descriptor: MessageDescriptor, value: JsonObject, where: string): void {
	const taken = new Map<number, string>();
	for (const field of descriptor.field ?? []) {
		if (field.oneofIndex === undefined || value[field.name] === undefined) continue;
		const other = taken.get(field.oneofIndex);
		if (other !== undefined) refuse(where, `${other} and ${field.name} exclude each other`);
		taken.set(field.oneofIndex, field.name);
	}
}

function convertField(known: Protos, scope: string, field: FieldDescriptor, value: Json, where: string): unknown {
	if (field.label !== "LABEL_REPEATED") return convertOne(known, scope, field, value, where);
	const type = field.type === "TYPE_MESSAGE" ? resolve(known, scope, field) : null;
	const entry = type === null ? undefined : known.messages.get(type);
	if (type !== null && entry?.options?.mapEntry) return convertMap(known, type, entry, value, where);
	if (!Array.isArray(value)) refuse(where, "expected a list");
	return value.map((item: Json, index) => convertOne(known, scope, field, item, `${where}[${index}]`));
}

function convertMap(known: Protos, scope: string, entry: MessageDescriptor, value: Json, where: string): object {
	const content = entry.field?.find((field) => field.name === "value");
	if (!isObject(value) || !content) refuse(where, "expected a map");
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, convertOne(known, scope, content, item, `${where}[${key}]`)]),
	);
}

function convertOne(known: Protos, scope: string, field: FieldDescriptor, value: Json, where: string): unknown {
	switch (field.type) {
		case "TYPE_MESSAGE":
			return convertMessage(known, resolve(known, scope, field), value, where);
		case "TYPE_ENUM": {
			const values = known.enums.get(resolve(known, scope, field));
			if (typeof value !== "string" || !values?.has(value)) refuse(where, `${JSON.stringify(value)} is not one of its values`);
			return value;
		}
		case "TYPE_BOOL":
			return typeof value === "boolean" ? value : refuse(where, "expected true or false");
		case "TYPE_STRING":
			return typeof value === "string" ? value : refuse(where, "expected a text");
		case "TYPE_BYTES":
			return typeof value === "string" ? Buffer.from(value, "base64") : refuse(where, "expected base64");
		default:
			return typeof value === "number" ? value : refuse(where, "expected a number");
	}
}

/** Names in descriptors are relative, and looked up from the innermost scope outwards, as protoc does. */
function resolve(known: Protos, scope: string, field: FieldDescriptor): string {
	const name = (field.typeName ?? "").replace(/^\./, "");
	for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf(".")))) {
		const candidate = around === "" ? name : `${around}.${name}`;
		if (known.messages.has(candidate) || known.enums.has(candidate) || around === "") return candidate;
	}
}

function convertDuration(value: Json, where: string): object {
	const match = typeof value === "string" ? /^(\d+)(?:\.(\d{1,9}))?s$/.exec(value) : null;
	if (!match) refuse(where, `expected a duration such as 1.5s, got ${JSON.stringify(value)}`);
	return { seconds: Number(match[1]), nanos: Number((match[2] ?? "").padEnd(9, "0")) };
}

function convertAny(known: Protos, value: Json, where: string): object {
	if (!isObject(value) || typeof value["@type"] !== "string") refuse(where, "expected @type");
	const { "@type": url, ...fields } = value;
	const type = String(url).slice(String(url).lastIndexOf("/") + 1);
	return { type_url: url, value: known.encode(type, convertMessage(known, type, fields, `${where}<${type}>`)) };
}

function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
