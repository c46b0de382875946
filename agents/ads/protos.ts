import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { loadSync, type MessageTypeDefinition } from "@grpc/proto-loader";

/** Only what we send, by list: every proto whose type appears in an Any must be here. */
const files = [
	"envoy/service/discovery/v3/ads.proto",
	"envoy/config/cluster/v3/cluster.proto",
	"envoy/config/endpoint/v3/endpoint.proto",
	"envoy/config/listener/v3/listener.proto",
	"envoy/config/route/v3/route.proto",
	"envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
	"envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy.proto",
	"envoy/extensions/filters/http/router/v3/router.proto",
	"envoy/extensions/upstreams/http/v3/http_protocol_options.proto",
	"envoy/extensions/access_loggers/open_telemetry/v3/logs_service.proto",
	"envoy/extensions/retry/host/previous_hosts/v3/previous_hosts.proto",
];

export interface FieldDescriptor {
	readonly name: string;
	readonly label: string;
	readonly type: string;
	readonly typeName?: string;
	/** Missing = in no oneof. */
	readonly oneofIndex?: number;
}

export interface MessageDescriptor {
	readonly name: string;
	readonly field?: readonly FieldDescriptor[];
	readonly nestedType?: readonly MessageDescriptor[];
	readonly enumType?: readonly EnumDescriptor[];
	readonly oneofDecl?: readonly { readonly name: string }[];
	readonly options?: { readonly mapEntry?: boolean };
}

export interface EnumDescriptor {
	readonly name: string;
	readonly value: readonly { readonly name: string }[];
}

interface FileDescriptor {
	readonly package?: string;
	readonly messageType?: readonly MessageDescriptor[];
	readonly enumType?: readonly EnumDescriptor[];
}

export interface Protos {
	readonly messages: ReadonlyMap<string, MessageDescriptor>;
	readonly enums: ReadonlyMap<string, ReadonlySet<string>>;
	readonly discovery: ServiceDefinition<UntypedServiceImplementation>;
	/** Encodes an object in protobufjs' own shape; only types that are not nested. Throws for an unknown type. */
	encode(type: string, value: object): Buffer;
}

let loaded: Protos | null = null;

/** About 250 ms at the first call, nothing afterwards. */
export function protos(): Protos {
	loaded ??= load();
	return loaded;
}

function load(): Protos {
	const root = `${dirname(createRequire(import.meta.url).resolve("@grpc/grpc-js-xds/package.json"))}/deps`;
	const theirs = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"].map((folder) => `${root}/${folder}`);
	const includeDirs = [...theirs, fileURLToPath(new URL("protos", import.meta.url))];
	const definition = loadSync([...files], { keepCase: true, includeDirs, longs: String, enums: String, defaults: true });
	// proto-loader's own descriptors cannot tell "first oneof" from "no oneof": decode the files without defaults.
	const describing = loadSync("google/protobuf/descriptor.proto", { enums: String, includeDirs: [bundledProtos()] });
	const fileType = message(describing["google.protobuf.FileDescriptorProto"]);
	const discovery = definition["envoy.service.discovery.v3.AggregatedDiscoveryService"];
	if (!fileType || !discovery || "format" in discovery) throw new Error("@grpc/grpc-js-xds carries no ADS service");
	const described = message(definition["envoy.config.cluster.v3.Cluster"])?.fileDescriptorProtos ?? [];
	return {
		...index(described.map((file) => fileType.deserialize(file) as FileDescriptor)),
		discovery: discovery as ServiceDefinition<UntypedServiceImplementation>,
		encode(type, value) {
			const found = message(definition[type]);
			if (!found) throw new Error(`unknown message type ${type}`);
			return found.serialize(value);
		},
	};
}

/** Google's own protos come with protobufjs, which belongs to proto-loader. */
function bundledProtos(): string {
	const loader = createRequire(import.meta.url).resolve("@grpc/proto-loader");
	return dirname(createRequire(loader).resolve("protobufjs/package.json"));
}

function message(definition: unknown): MessageTypeDefinition<object, object> | null {
	const isMessage = typeof definition === "object" && definition !== null && "serialize" in definition;
	return isMessage ? (definition as MessageTypeDefinition<object, object>) : null;
}

function index(descriptors: readonly FileDescriptor[]) {
	const messages = new Map<string, MessageDescriptor>();
	const enums = new Map<string, ReadonlySet<string>>();
	const addEnum = (scope: string, found: EnumDescriptor) =>
		enums.set(`${scope}.${found.name}`, new Set(found.value.map((value) => value.name)));
	const addMessage = (scope: string, found: MessageDescriptor) => {
		const name = `${scope}.${found.name}`;
		messages.set(name, found);
		for (const nested of found.nestedType ?? []) addMessage(name, nested);
		for (const nested of found.enumType ?? []) addEnum(name, nested);
	};
	for (const file of descriptors) {
		for (const found of file.messageType ?? []) addMessage(file.package ?? "", found);
		for (const found of file.enumType ?? []) addEnum(file.package ?? "", found);
	}
	return { messages, enums };
}
