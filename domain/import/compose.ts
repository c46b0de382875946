import { volumesOf } from "@/domain/import/compose-volumes";
import type { Facts, Found, HealthFact, PortFact, SourceFile, VariableFact } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { leadsToService } from "@/domain/import/other-service";
import { portNumber, readProbe } from "@/domain/import/probe-command";
import { isSecretLike, isVariableName, variableValue } from "@/domain/import/secret-like";
import { substitute } from "@/domain/import/substitute";
import { readYaml, type YamlNode } from "@/domain/import/yaml-nodes";

export interface ComposeFacts extends Facts {
	readonly build: {
		readonly context: Found<string> | null;
		readonly dockerfile: Found<string> | null;
		readonly target: Found<string> | null;
	} | null;
}

const nothing = { build: null };

/** The service of a compose file that is built here, `wanted` by name if there are several. */
export function readCompose(file: SourceFile, wanted: string, paths: readonly string[]): ComposeFacts {
	const facts = readYaml(file, ([document]): ComposeFacts => {
		const services = document?.get("services")?.entries() ?? [];
		if (services.length === 0) return { ...nothing, notes: [`${file.path} has no services: nothing was taken from it.`] };
		const built = services.filter(([, service]) => service.get("build") !== null);
		const chosen = built.find(([name]) => name === wanted) ?? built[0];
		const notes = othersOf(file.path, services, chosen);
		if (!chosen) return { ...nothing, notes };
		if (built.length > 1) {
			notes.push(`${file.path} builds ${built.length} services; a repository makes one here, and "${chosen[0]}" is proposed.`);
		}
		return factsOf(
			chosen[1],
			services.map(([name]) => name),
			paths,
			notes,
		);
	});
	return typeof facts === "string" ? { ...nothing, notes: [facts] } : facts;
}

type Service = [string, YamlNode];

function othersOf(file: string, services: readonly Service[], chosen: Service | undefined): string[] {
	const images = services.filter((one) => one !== chosen && one[1].get("image") !== null && one[1].get("build") === null);
	if (!chosen) return [`${file} builds nothing: its services are images, and nothing was taken from them.`];
	return images.map(([name, service]) => {
		const image = service.get("image")?.text()?.slice(0, 100) ?? "";
		return `${placeText(service.at)}: ${name} (${image}) is not started by this import: run it elsewhere or as a service of its own.`;
	});
}

function factsOf(service: YamlNode, names: readonly string[], paths: readonly string[], notes: string[]): ComposeFacts {
	const build = service.get("build");
	const health = healthOf(service, notes);
	const memory = service.found("deploy", "resources", "limits", "memory") ?? service.found("mem_limit");
	const cpu = service.found("deploy", "resources", "limits", "cpus") ?? service.found("cpus");
	const replicas = service.found("deploy", "replicas");
	const instances = Number(replicas?.value);
	const command = commandOf(service, notes);
	noteRest(service, build, notes);
	const volumes = volumesOf(service, paths, notes);
	const memoryText = memory && memoryOf(memory.value);
	if (memory && !memoryText) notes.push(`${placeText(memory.at)}: the memory "${memory.value.slice(0, 20)}" was not understood.`);
	return {
		build: build && {
			context: (build.text() === null ? build.found("context") : { value: build.text() ?? ".", at: build.at }) ?? null,
			dockerfile: build.found("dockerfile") ?? null,
			target: build.found("target") ?? null,
		},
		ports: portsOf(service, notes),
		...(health ? { health } : {}),
		variables: variablesOf(service, names, notes),
		...(volumes.length > 0 ? { volumes } : {}),
		...(memory && memoryText ? { memory: { ...memory, value: memoryText } } : {}),
		...(cpu ? { cpu } : {}),
		...(replicas && Number.isInteger(instances) && instances >= 1 && instances <= 100
			? { instances: { value: instances, at: replicas.at } }
			: {}),
		...(command ? { command } : {}),
		notes,
	};
}

/** What a compose file can say and a manifest here cannot. */
function noteRest(service: YamlNode, build: YamlNode | null, notes: string[]): void {
	const tell = (key: string, sentence: string): void => {
		const node = service.get(key);
		if (node) notes.push(`${placeText(node.at)}: ${key} ${sentence}`);
	};
	const needed = service.get("depends_on");
	if (needed) {
		const on = needed.isMap ? needed.entries().map(([name]) => name) : needed.words();
		notes.push(
			`${placeText(needed.at)}: the service needs ${on.join(", ").slice(0, 200)}: it must be reachable where this one runs, and be waited for by the service itself.`,
		);
	}
	tell("env_file", "is not read: set what it holds in the service's configuration.");
	for (const key of ["privileged", "cap_add", "devices", "network_mode", "pid", "security_opt"]) {
		tell(key, "is refused on hosts of Sluice and is left out.");
	}
	tell("user", "is not taken over: name the user in the Dockerfile.");
	const args = build?.get("args");
	if (args) notes.push(`${placeText(args.at)}: build arguments are not taken over: give them defaults in the Dockerfile.`);
}

function portsOf(service: YamlNode, notes: string[]): PortFact[] {
	const published = service.get("ports")?.items() ?? [];
	const exposed = service.get("expose")?.items() ?? [];
	const found = [...published, ...exposed].flatMap((node): PortFact[] => {
		const text = substitute(node.text() ?? node.get("target")?.text() ?? "", new Map());
		const protocol = /\/(\w+)$/.exec(text)?.[1] ?? node.get("protocol")?.text() ?? "tcp";
		const target = portNumber(/(\d+)(?:-\d+)?(?:\/\w+)?$/.exec(text)?.[1]);
		if (target === null) {
			notes.push(`${placeText(node.at)}: the port "${text.slice(0, 60)}" was not understood.`);
			return [];
		}
		if (protocol.toLowerCase() === "udp") {
			notes.push(`${placeText(node.at)}: port ${target} is left out: Sluice routes HTTP, gRPC, WebSocket and TCP, not UDP.`);
			return [];
		}
		const app = node.get("app_protocol")?.text() ?? "";
		const kind = /grpc|h2c|http2/i.test(app) ? "h2c" : /^(http|wss?)$/i.test(app) ? "http" : null;
		return [{ port: target, target, name: node.get("name")?.text() ?? null, protocol: kind, at: node.at }];
	});
	return found.filter((one, index) => found.findIndex(({ target }) => target === one.target) === index);
}

function healthOf(service: YamlNode, notes: string[]): HealthFact | null {
	const check = service.get("healthcheck");
	const none = { path: "", port: null };
	if (!check) return null;
	if (check.get("disable")?.text() === "true") return { ...none, kind: "none", at: check.at };
	const test = check.get("test");
	if (!test) return null;
	const words = test.words();
	if (words[0] === "NONE") return { ...none, kind: "none", at: test.at };
	const command = (/^CMD(-SHELL)?$/.test(words[0] ?? "") ? words.slice(1) : words).join(" ");
	// In a compose file a dollar sign for the container's own shell is written twice.
	const { isTls, ...probe } = readProbe(substitute(command.replaceAll("$$", "$"), literalsOf(service)));
	if (!isTls) return { ...probe, at: test.at };
	notes.push(`${placeText(test.at)}: the health check speaks HTTPS; Sluice asks over plain HTTP.`);
	return { ...none, kind: "other", at: test.at };
}

function literalsOf(service: YamlNode): Map<string, string> {
	return new Map(pairsOf(service).map(({ name, text }) => [name, substitute(text ?? "", new Map())]));
}

function pairsOf(service: YamlNode): { name: string; text: string | null; node: YamlNode }[] {
	const environment = service.get("environment");
	if (environment?.isMap) return environment.entries().map(([name, node]) => ({ name, text: node.text(), node }));
	return (environment?.items() ?? []).flatMap((node) => {
		const text = node.text();
		if (text === null) return [];
		const at = text.indexOf("=");
		return [at < 0 ? { name: text, text: null, node } : { name: text.slice(0, at), text: text.slice(at + 1), node }];
	});
}

function variablesOf(service: YamlNode, names: readonly string[], notes: string[]): VariableFact[] {
	return pairsOf(service).flatMap(({ name, text, node }): VariableFact[] => {
		const { at } = node;
		if (!isVariableName(name)) {
			notes.push(`${placeText(at)}: "${name.slice(0, 60)}" cannot be a variable's name and is left out.`);
			return [];
		}
		// `NAME` in a list, or `NAME:` in a map, takes the value of whoever runs compose.
		if (text === null) return [{ name, value: { source: isSecretLike(name, "") ? "secret" : "config" }, at }];
		return [{ name, value: copiedValue(name, text, names), at }];
	});
}

/** `${NAME:-default}` is its default; what names another service of the file must be set for where that one runs here. */
function copiedValue(name: string, written: string, names: readonly string[]): VariableFact["value"] {
	const text = substitute(written.replaceAll("$$", "\\$"), new Map());
	const value = variableValue(name, text);
	if (!("literal" in value)) return value;
	return leadsToService(name, text, names) ? { source: "config" } : value;
}

function commandOf(service: YamlNode, notes: string[]): Facts["command"] {
	const entrypoint = service.get("entrypoint");
	const command = service.get("command");
	const words = (node: YamlNode | null): readonly string[] =>
		node?.text() ? (node.text() ?? "").trim().split(/\s+/) : (node?.words() ?? []);
	if (entrypoint) {
		const isShell = /["'$|&;<>]/.test(`${entrypoint.text() ?? ""}${command?.text() ?? ""}`);
		if (!isShell) return { value: [...words(entrypoint), ...words(command)], at: entrypoint.at };
		notes.push(
			`${placeText(entrypoint.at)}: the entrypoint needs a shell and is left out: write it as a list, or put it into the Dockerfile.`,
		);
	} else if (command) {
		notes.push(
			`${placeText(command.at)}: command is left out, since here it would take the place of the image's ENTRYPOINT too: put it into the Dockerfile's CMD.`,
		);
	}
	return undefined;
}

/** `512m`, `1g`, `0.5gb`, `50M` as a manifest writes them; null = not understood. */
function memoryOf(text: string): string | null {
	const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(text.trim()) ?? [];
	if (amount === undefined) return null;
	const suffix = { "": "", b: "", k: "Ki", m: "Mi", g: "Gi" }[unit.toLowerCase()] ?? "";
	return `${amount}${suffix}`;
}
