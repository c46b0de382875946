import { readContainer } from "@/domain/import/kubernetes-container";
import type { KubernetesService, KubernetesWorkload, ServicePort } from "@/domain/import/kubernetes-model";
import type { SourceFile } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { portNumber } from "@/domain/import/probe-command";
import { readYaml, type YamlNode } from "@/domain/import/yaml-nodes";

export interface KubernetesObjects {
	readonly workloads: readonly KubernetesWorkload[];
	readonly services: readonly KubernetesService[];
	readonly notes: readonly string[];
}

const kinds = ["Deployment", "StatefulSet"];

/** Workloads and Services of manifests, in the order of the files. */
export function readObjects(files: readonly SourceFile[]): KubernetesObjects {
	const workloads: KubernetesWorkload[] = [];
	const services: KubernetesService[] = [];
	const notes: string[] = [];
	for (const file of files) {
		const read = readYaml(file, (documents) => {
			const objects = documents.flatMap((one) =>
				one.get("kind")?.text() === "List" ? (one.get("items")?.items() ?? []) : [one],
			);
			return objects.map((one) => ({ workload: workloadOf(one), service: serviceOf(one) }));
		});
		if (typeof read === "string") notes.push(read);
		else {
			workloads.push(...read.flatMap(({ workload }) => workload ?? []));
			services.push(...read.flatMap(({ service }) => service ?? []));
		}
	}
	return { workloads, services, notes };
}

function workloadOf(object: YamlNode): KubernetesWorkload | null {
	const kind = object.get("kind")?.text() ?? "";
	const name = object.get("metadata", "name")?.text() ?? null;
	const pod = object.get("spec", "template", "spec");
	if (!kinds.includes(kind) || name === null || !pod) return null;
	const mounted = pod.get("volumes")?.items() ?? [];
	const claims = [
		...(object.get("spec", "volumeClaimTemplates")?.items() ?? []).flatMap((one) => one.get("metadata", "name")?.text() ?? []),
		...mounted.filter((one) => one.get("persistentVolumeClaim") !== null).flatMap((one) => one.get("name")?.text() ?? []),
	];
	const containers = (pod.get("containers")?.items() ?? []).flatMap((node) => readContainer(node, claims) ?? []);
	if (containers.length === 0) return null;
	const notes: string[] = [];
	const before = pod.get("initContainers");
	if (before) {
		notes.push(`${placeText(before.at)}: initContainers are not run: what they do belongs into the service, or into its image.`);
	}
	for (const volume of mounted) {
		const from = ["configMap", "secret", "projected"].find((key) => volume.get(key) !== null);
		if (from === undefined) continue;
		notes.push(
			`${placeText(volume.at)}: files of a ${from} are not taken over; a file whose content is configuration goes under Delivery.environments.<name>.files.`,
		);
	}
	const replicas = object.found("spec", "replicas");
	const instances = Number(replicas?.value);
	return {
		kind,
		name,
		at: object.at,
		labels: wordsOf(object.get("spec", "template", "metadata", "labels")),
		containers,
		...(replicas && Number.isInteger(instances) && instances >= 1 && instances <= 100
			? { instances: { value: instances, at: replicas.at } }
			: {}),
		notes,
	};
}

function serviceOf(object: YamlNode): KubernetesService | null {
	const name = object.get("metadata", "name")?.text() ?? null;
	if (object.get("kind")?.text() !== "Service" || name === null) return null;
	const ports = (object.get("spec", "ports")?.items() ?? []).flatMap((node): ServicePort[] => {
		const port = portNumber(node.get("port")?.text() ?? "");
		if (port === null || /^(udp|sctp)$/i.test(node.get("protocol")?.text() ?? "")) return [];
		const target = node.get("targetPort")?.text() ?? String(port);
		const appProtocol = node.get("appProtocol")?.text() ?? "";
		return [{ port, target, name: node.get("name")?.text() ?? null, appProtocol, at: node.at }];
	});
	return { name, selector: wordsOf(object.get("spec", "selector")), ports };
}

function wordsOf(node: YamlNode | null): Map<string, string> {
	return new Map((node?.entries() ?? []).map(([key, value]) => [key, value.text() ?? ""]));
}
