import type { Facts, HealthFact, PortFact, SourceFile, VariableFact } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { portNumber, readProbe } from "@/domain/import/probe-command";
import { isVariableName, variableValue } from "@/domain/import/secret-like";
import { readYaml, type YamlNode } from "@/domain/import/yaml-nodes";

/** A Score workload: its service's ports, and its first container. */
export function readScore(file: SourceFile): Facts {
	const facts = readYaml(file, (documents) => {
		const workload = documents.find((document) => document.get("apiVersion")?.text()?.startsWith("score.dev/"));
		return workload
			? factsOf(file.path, workload)
			: { notes: [`${file.path} has no Score workload: nothing was taken from it.`] };
	});
	return typeof facts === "string" ? { notes: [facts] } : facts;
}

function factsOf(file: string, workload: YamlNode): Facts {
	const notes: string[] = [];
	const containers = workload.get("containers")?.entries() ?? [];
	const [first] = containers;
	if (containers.length > 1) {
		notes.push(`${file} has ${containers.length} containers; a service here has one, and "${first?.[0]}" is taken.`);
	}
	const container = first?.[1] ?? null;
	const resources = workload.get("resources")?.entries() ?? [];
	for (const [name, resource] of resources) {
		const type = resource.get("type")?.text() ?? "unknown type";
		notes.push(
			`${placeText(resource.at)}: the resource ${name} (${type}) is not made by Sluice: run it, and set the variables that lead to it.`,
		);
	}
	for (const key of ["files", "volumes"]) {
		const node = container?.get(key);
		if (node)
			notes.push(
				`${placeText(node.at)}: ${key} are not taken over; a file whose content is configuration goes under Delivery.environments.<name>.files.`,
			);
	}
	const name = workload.found("metadata", "name");
	const health = healthOf(container, notes);
	const memory = container?.found("resources", "limits", "memory");
	const cpu = container?.found("resources", "limits", "cpu");
	const command = commandOf(container, notes);
	return {
		...(name ? { name } : {}),
		ports: portsOf(workload, notes),
		...(health ? { health } : {}),
		variables: variablesOf(container, notes),
		...(memory ? { memory } : {}),
		...(cpu ? { cpu } : {}),
		...(command ? { command } : {}),
		notes,
	};
}

function portsOf(workload: YamlNode, notes: string[]): PortFact[] {
	return (workload.get("service", "ports")?.entries() ?? []).flatMap(([name, node]): PortFact[] => {
		const port = portNumber(node.get("port")?.text() ?? "");
		const target = portNumber(node.get("targetPort")?.text() ?? "") ?? port;
		if (port === null || target === null) {
			notes.push(`${placeText(node.at)}: the port ${name} has no number that can be read.`);
			return [];
		}
		if (/udp/i.test(node.get("protocol")?.text() ?? "")) {
			notes.push(`${placeText(node.at)}: the port ${name} is left out: Sluice routes HTTP, gRPC, WebSocket and TCP, not UDP.`);
			return [];
		}
		return [{ port, target, name, protocol: null, at: node.at }];
	});
}

function healthOf(container: YamlNode | null, notes: string[]): HealthFact | null {
	for (const key of ["readinessProbe", "livenessProbe"]) {
		const probe = container?.get(key);
		const http = probe?.get("httpGet");
		if (http) {
			const path = http.get("path")?.text() ?? "/";
			const isTls = http.get("scheme")?.text() === "HTTPS";
			if (isTls) notes.push(`${placeText(http.at)}: the ${key} speaks HTTPS; Sluice asks over plain HTTP.`);
			return { kind: isTls ? "other" : "http", path, port: portNumber(http.get("port")?.text() ?? ""), at: http.at };
		}
		const command = probe?.get("exec", "command");
		if (command) {
			const { isTls, ...found } = readProbe(command.words().join(" "));
			return { ...found, kind: isTls ? "other" : found.kind, at: command.at };
		}
	}
	return null;
}

function variablesOf(container: YamlNode | null, notes: string[]): VariableFact[] {
	return (container?.get("variables")?.entries() ?? []).flatMap(([name, node]): VariableFact[] => {
		if (isVariableName(name)) return [{ name, value: variableValue(name, node.text() ?? ""), at: node.at }];
		notes.push(`${placeText(node.at)}: "${name.slice(0, 60)}" cannot be a variable's name and is left out.`);
		return [];
	});
}

function commandOf(container: YamlNode | null, notes: string[]): Facts["command"] {
	const command = container?.get("command");
	const args = container?.get("args");
	if (command) return { value: [...command.words(), ...(args?.words() ?? [])], at: command.at };
	if (args)
		notes.push(
			`${placeText(args.at)}: args without command are left out: put them into the Dockerfile's CMD, or name the command too.`,
		);
	return undefined;
}
