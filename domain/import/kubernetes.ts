import { type Chosen, chooseWorkload } from "@/domain/import/kubernetes-choice";
import { manifestFiles } from "@/domain/import/kubernetes-files";
import type { KubernetesService, KubernetesWorkload, ServicePort } from "@/domain/import/kubernetes-model";
import { readObjects } from "@/domain/import/kubernetes-objects";
import type { Facts, ImportSource, PortFact, PortProtocol, Question, VariableFact } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { leadsToService } from "@/domain/import/other-service";
import { portNumber } from "@/domain/import/probe-command";

export interface KubernetesFacts extends Facts {
	/** Which workload is this repository's, where several could be. */
	readonly question: Question | null;
}

/** The workload of a repository's Kubernetes manifests that runs the image of this Dockerfile. */
export function readKubernetes(source: ImportSource, dockerfile: string | null, answer: string | undefined): KubernetesFacts {
	const files = manifestFiles(source);
	const { workloads, services, notes: unread } = readObjects(files.plain);
	const { chosen, question } = chooseWorkload(workloads, source.repository, dockerfile, answer);
	const notes = [...files.notes, ...unread];
	if (!chosen) {
		if (question === null && workloads.length > 0) notes.push(othersNote(workloads));
		return { question, notes };
	}
	return { ...factsOf(chosen, workloads, services, notes), question, notes };
}

function factsOf(
	{ workload, container }: Chosen,
	workloads: readonly KubernetesWorkload[],
	services: readonly KubernetesService[],
	notes: string[],
): Omit<Facts, "notes"> {
	const others = workloads.filter(({ name }) => name !== workload.name);
	const variants = workloads.filter((one) => one !== workload && one.name === workload.name);
	if (others.length > 0) notes.push(othersNote(others));
	if (variants.length > 0) {
		const places = variants.map(({ at }) => placeText(at)).join(", ");
		notes.push(
			`The workload ${workload.name} is taken from ${placeText(workload.at)}; it stands once more in ${places.slice(0, 500)}.`,
		);
	}
	if (workload.containers.length > 1) {
		notes.push(
			`${placeText(workload.at)} has ${workload.containers.length} containers; a service here has one, and "${container.name}" is taken.`,
		);
	}
	notes.push(...workload.notes, ...container.notes);
	const names = [...services, ...others].map(({ name }) => name);
	const { health, memory, cpu, command, volumes } = container;
	return {
		ports: portsOf({ workload, container }, services),
		...(health ? { health } : {}),
		variables: container.variables.map((one) => elsewhere(one, names)),
		...(memory ? { memory } : {}),
		...(cpu ? { cpu } : {}),
		...(command ? { command } : {}),
		...(volumes ? { volumes } : {}),
		...(workload.instances ? { instances: workload.instances } : {}),
	};
}

function othersNote(others: readonly KubernetesWorkload[]): string {
	const each = others.filter((one, index) => others.findIndex(({ name }) => name === one.name) === index);
	const places = each.map(({ name, at }) => `${name} (${placeText(at)})`).join(", ");
	return `Kubernetes workloads that this import does not start: ${places.slice(0, 1_000)}. Run them elsewhere or as services of their own.`;
}

function elsewhere(variable: VariableFact, names: readonly string[]): VariableFact {
	const { name, value } = variable;
	if ("source" in value) return variable;
	// A name without a dot is known in the cluster only, whichever repository describes that service.
	const isLocal =
		/^(?!localhost:)[a-z][a-z0-9-]*:\d+$/.test(value.literal) && /HOST|ADDR|URL|URI|SERVER|SERVICE|ENDPOINT/i.test(name);
	return isLocal || leadsToService(name, value.literal, names) ? { ...variable, value: { source: "config" } } : variable;
}

/** What the container listens on, by the number its callers use; then what only a Service names, then PORT. */
function portsOf({ workload, container }: Chosen, services: readonly KubernetesService[]): PortFact[] {
	const asked = services
		.filter(({ selector }) => selector.size > 0 && [...selector].every(([key, value]) => workload.labels.get(key) === value))
		.sort((a, b) => Number(b.name === workload.name) - Number(a.name === workload.name))
		.flatMap(({ ports }) => ports);
	const named = container.ports.map(({ number, name, at }): PortFact => {
		const by = asked.find(({ target }) => target === String(number) || (name !== null && target === name));
		return { port: by?.port ?? number, target: number, name: name ?? by?.name ?? null, protocol: spokenOn(by, name), at };
	});
	const only = asked.flatMap((one): PortFact[] => {
		const target = portNumber(one.target);
		if (target === null || named.some((port) => port.target === target)) return [];
		return [{ port: one.port, target, name: one.name, protocol: spokenOn(one, null), at: one.at }];
	});
	const all = [...named, ...only].filter((one, index, list) => list.findIndex(({ target }) => target === one.target) === index);
	if (all.length > 0) return all;
	const told = container.variables.find(({ name }) => name === "PORT");
	const port = told && "literal" in told.value ? portNumber(told.value.literal) : null;
	return told?.at && port !== null ? [{ port, target: port, name: null, protocol: null, at: told.at }] : [];
}

/** By appProtocol, or by a name as meshes know it (`tcp-redis`, `http2`); what is called grpc or http is known by that elsewhere. */
function spokenOn(service: ServicePort | undefined, name: string | null): PortProtocol | null {
	for (const word of [service?.appProtocol ?? "", name ?? "", service?.name ?? ""]) {
		const app = word.toLowerCase().replace(/^kubernetes\.io\//, "");
		if (/^(grpc(?!-web)|h2c|http2)/.test(app)) return "h2c";
		if (/^(http|wss?)($|-)/.test(app)) return "http";
		if (/^(tcp|mongo|redis|mysql|postgres|amqp|kafka)($|-)/.test(app)) return "tcp";
	}
	return null;
}
