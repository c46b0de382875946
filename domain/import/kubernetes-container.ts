import type { ContainerPort, KubernetesContainer } from "@/domain/import/kubernetes-model";
import type { Facts, Found, HealthFact, VariableFact, VolumeFact } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { portNumber, readProbe } from "@/domain/import/probe-command";
import { isVariableName, variableValue } from "@/domain/import/secret-like";
import type { YamlNode } from "@/domain/import/yaml-nodes";

/** What one container of a pod says; null = it names no image, as in a patch. `claims`: what the pod keeps when it ends. */
export function readContainer(node: YamlNode, claims: readonly string[]): KubernetesContainer | null {
	const image = node.get("image")?.text() ?? null;
	if (image === null) return null;
	const notes: string[] = [];
	const ports = portsOf(node, notes);
	const command = commandOf(node, notes);
	const limits = limitsOf(node, notes);
	const mounted = node.get("envFrom");
	if (mounted) notes.push(`${placeText(mounted.at)}: envFrom is not read: set what it holds in the service's configuration.`);
	return {
		name: node.get("name")?.text() ?? "",
		image,
		at: node.at,
		ports,
		health: healthOf(node, ports, notes),
		variables: variablesOf(node, notes),
		...limits,
		...volumesOf(node, claims),
		...(command ? { command } : {}),
		notes,
	};
}

function portsOf(container: YamlNode, notes: string[]): ContainerPort[] {
	return (container.get("ports")?.items() ?? []).flatMap((node): ContainerPort[] => {
		const number = portNumber(node.get("containerPort")?.text() ?? "");
		if (number === null) {
			notes.push(`${placeText(node.at)}: the port has no number that can be read.`);
			return [];
		}
		if (!/^tcp$/i.test(node.get("protocol")?.text() ?? "TCP")) {
			notes.push(`${placeText(node.at)}: port ${number} is left out: Sluice routes HTTP, gRPC, WebSocket and TCP, not UDP.`);
			return [];
		}
		return [{ number, name: node.get("name")?.text() ?? null, at: node.at }];
	});
}

/** The readiness probe, else the liveness probe; the first of the two that Sluice can ask. */
function healthOf(container: YamlNode, ports: readonly ContainerPort[], notes: string[]): HealthFact | null {
	const probes = ["readinessProbe", "livenessProbe"].flatMap((key) => {
		const probe = container.get(key);
		const health = probe && probed(key, probe, ports, notes);
		return health ? [health] : [];
	});
	return probes.find(({ kind }) => kind !== "other") ?? probes[0] ?? null;
}

function probed(key: string, probe: YamlNode, ports: readonly ContainerPort[], notes: string[]): HealthFact | null {
	const portOf = (node: YamlNode): number | null => {
		const text = node.get("port")?.text() ?? "";
		return portNumber(text) ?? ports.find(({ name }) => name === text)?.number ?? null;
	};
	const http = probe.get("httpGet");
	if (http) {
		const isTls = /^https$/i.test(http.get("scheme")?.text() ?? "");
		if (isTls) notes.push(`${placeText(http.at)}: the ${key} speaks HTTPS; Sluice asks over plain HTTP.`);
		const headers = http.get("httpHeaders");
		if (headers) notes.push(`${placeText(headers.at)}: the ${key} sends headers of its own; Sluice asks without them.`);
		const path = http.get("path")?.text() ?? "/";
		return { kind: isTls ? "other" : "http", path: path.startsWith("/") ? path : `/${path}`, port: portOf(http), at: http.at };
	}
	const grpc = probe.get("grpc");
	if (grpc) return { kind: "grpc", path: "", port: portOf(grpc), at: grpc.at };
	const tcp = probe.get("tcpSocket");
	if (tcp) return { kind: "tcp", path: "", port: portOf(tcp), at: tcp.at };
	const command = probe.get("exec", "command");
	if (!command) return null;
	const { isTls, ...found } = readProbe(command.words().join(" "));
	const kind = isTls ? "other" : found.kind;
	if (kind === "other") {
		notes.push(
			`${placeText(command.at)}: the ${key} runs a program in the container, which Sluice does not do: it asks a path over HTTP, or connects to a port.`,
		);
	}
	return { ...found, kind, at: command.at };
}

const references = [
	["secretKeyRef", "Secret", "secret"],
	["configMapKeyRef", "ConfigMap", "config"],
] as const;

function variablesOf(container: YamlNode, notes: string[]): VariableFact[] {
	return (container.get("env")?.items() ?? []).flatMap((node): VariableFact[] => {
		const { at } = node;
		const name = node.get("name")?.text() ?? "";
		if (!isVariableName(name)) {
			notes.push(`${placeText(at)}: "${name.slice(0, 60)}" cannot be a variable's name and is left out.`);
			return [];
		}
		const from = node.get("valueFrom");
		if (from === null) return [{ name, value: plainValue(name, node.get("value")?.text() ?? ""), at }];
		for (const [key, kind, source] of references) {
			const reference = from.get(key);
			if (!reference) continue;
			const of = reference.get("name")?.text()?.slice(0, 100) ?? "?";
			notes.push(
				`${placeText(at)}: ${name} comes from the ${kind} ${of}, which is not read: set it in the service's configuration.`,
			);
			return [{ name, value: { source }, at }];
		}
		notes.push(`${placeText(at)}: ${name} is a fact of the Kubernetes pod and is left out.`);
		return [];
	});
}

/** `$(OTHER)` is filled in by Kubernetes when the container starts; `$$(` is a plain `$(`. */
function plainValue(name: string, text: string): VariableFact["value"] {
	if (/(^|[^$])\$\(\w/.test(text))
		return "source" in variableValue(name, text) ? variableValue(name, text) : { source: "config" };
	return variableValue(name, text.replaceAll("$$", "$"));
}

/** A limit, or what is only requested, which is said: it may be less than the service needs. */
function limitsOf(container: YamlNode, notes: string[]): Pick<Facts, "memory" | "cpu"> {
	const pick = (key: "memory" | "cpu"): Found<string> | undefined => {
		const limit = container.found("resources", "limits", key);
		const request = container.found("resources", "requests", key);
		if (limit || !request) return limit;
		notes.push(
			`${placeText(request.at)}: ${key} is only requested, with no limit; what is requested is proposed as the limit, and may be too little.`,
		);
		return request;
	};
	const memory = pick("memory");
	const cpu = pick("cpu");
	// Kubernetes writes a thousand as k.
	return { ...(memory ? { memory: { ...memory, value: memory.value.replace(/k$/, "K") } } : {}), ...(cpu ? { cpu } : {}) };
}

function volumesOf(container: YamlNode, claims: readonly string[]): Pick<Facts, "volumes"> {
	const volumes = (container.get("volumeMounts")?.items() ?? []).flatMap((node): VolumeFact[] => {
		const name = node.get("name")?.text() ?? "";
		const target = node.get("mountPath")?.text() ?? "";
		return claims.includes(name) ? [{ name, target, readOnly: node.get("readOnly")?.text() === "true", at: node.at }] : [];
	});
	return volumes.length > 0 ? { volumes } : {};
}

function commandOf(container: YamlNode, notes: string[]): Facts["command"] {
	const command = container.get("command");
	const args = container.get("args");
	const written = command ?? args;
	if (!written) return undefined;
	const words = [...(command?.words() ?? []), ...(args?.words() ?? [])];
	if (words.some((word) => word.includes("$("))) {
		notes.push(
			`${placeText(written.at)}: the command holds variables that Kubernetes fills in and is left out: put it into the Dockerfile's CMD.`,
		);
		return undefined;
	}
	if (command) return { value: words, at: command.at };
	notes.push(
		`${placeText(written.at)}: args without command are left out: put them into the Dockerfile's CMD, or name the command too.`,
	);
	return undefined;
}
