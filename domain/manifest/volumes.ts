import type { PlacedProblem } from "@/domain/manifest/check";
import type { Documents, StrategySettings, WorkloadDocument } from "@/domain/manifest/documents";
import type { VolumeMount } from "@/domain/manifest/model";

type Locate = (kind: keyof Documents, path: readonly string[]) => number;

/** What the one container mounts, in the order it is written. */
export function volumesOf(workload: WorkloadDocument): VolumeMount[] {
	return mountsOf(workload).map(({ source, target, readOnly }) => ({ name: resourceOf(source), target, readOnly }));
}

interface Mount {
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
	/** Of its node, below the container's `volumes`. */
	readonly key: string;
}

function mountsOf(workload: WorkloadDocument): Mount[] {
	const volumes = Object.values(workload.containers)[0]?.volumes ?? {};
	if (isList(volumes)) return volumes.map(({ readOnly = false, ...one }, index) => ({ ...one, readOnly, key: String(index) }));
	return Object.entries(volumes).map(([target, { source, readOnly = false }]) => ({ source, target, readOnly, key: target }));
}

function isList<T>(value: readonly T[] | Readonly<Record<string, unknown>>): value is readonly T[] {
	return Array.isArray(value);
}

/** `data` of `${resources.data}`; the schema has checked the form. */
function resourceOf(source: string): string {
	return source.slice("${resources.".length, -1);
}

/** A volume is on one host and in one instance: what would need it twice is refused, with what to write instead. */
export function checkVolumes({ workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const mounts = mountsOf(workload);
	const [first] = mounts;
	if (!first) return [];
	const [container = ""] = Object.keys(workload.containers);
	const at = (key: string) => locate("workload", ["containers", container, "volumes", key]);
	return [
		...mounts.flatMap((mount, index): PlacedProblem[] => {
			const name = resourceOf(mount.source);
			const before = mounts.slice(0, index);
			if (!workload.resources?.[name])
				return [
					{ offset: at(mount.key), message: `there is no resource "${name}": add \`resources: {${name}: {type: volume}}\`` },
				];
			if (before.some(({ source }) => source === mount.source))
				return [{ offset: at(mount.key), message: `the volume "${name}" is mounted twice` }];
			const outer = before.find(({ target }) => isWithin(mount.target, target) || isWithin(target, mount.target));
			return outer ? [{ offset: at(mount.key), message: `${mount.target} and ${outer.target} lie within each other` }] : [];
		}),
		...checkStrategies(resourceOf(first.source), { workload, delivery, component: null }, at(first.key), locate),
		...Object.entries(delivery?.environments ?? {}).flatMap(([name, { instances = 1 }]): PlacedProblem[] => {
			if (instances === 1) return [];
			const message = `${name} asks for ${instances} instances, and a volume is held by one: write \`instances: 1\``;
			return [{ offset: locate("delivery", ["environments", name, "instances"]), message }];
		}),
	];
}

/** Downtime is never meant silently: it is declared, once for all environments or in each. */
function checkStrategies(volume: string, { delivery }: Documents, mounted: number, locate: Locate): PlacedProblem[] {
	const problems: PlacedProblem[] = [];
	const refuse = (strategy: StrategySettings, path: readonly string[]): void => {
		const [kind = ""] = Object.keys(strategy);
		if (kind === "recreate") return;
		const message = `${kind} runs two releases at once, and the volume "${volume}" is held by one instance: write \`strategy: {recreate: {}}\``;
		problems.push({ offset: locate("delivery", [...path, kind]), message });
	};
	if (delivery?.strategy) refuse(delivery.strategy, ["strategy"]);
	const environments = Object.entries(delivery?.environments ?? {});
	for (const [name, { strategy }] of environments) if (strategy) refuse(strategy, ["environments", name, "strategy"]);
	const isSaid = delivery?.strategy !== undefined || (environments.length > 0 && environments.every(([, own]) => own.strategy));
	if (!isSaid) {
		const message = `the volume "${volume}" is held by one instance, so nothing serves while it changes hands: declare that with \`strategy: {recreate: {}}\` in the Delivery`;
		problems.push({ offset: mounted, message });
	}
	return problems;
}

function isWithin(path: string, folder: string): boolean {
	return path === folder || path.startsWith(`${folder}/`);
}
