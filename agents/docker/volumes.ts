import type Docker from "dockerode";
import type { DesiredInstance, HostConfig } from "@/domain/host/model";
import { labels } from "@/domain/names";
import { statusOf } from "./containers";

/** The engine makes a volume that it does not have; its labels say whose it is when nothing else is left that could. */
export function volumeMounts({ installation, name: host }: HostConfig, instance: DesiredInstance): Docker.MountSettings[] {
	return (instance.volumes ?? []).map(({ id, name, target, readOnly }) => ({
		Type: "volume",
		Source: id,
		Target: target,
		ReadOnly: readOnly,
		VolumeOptions: {
			NoCopy: false,
			Labels: {
				[labels.installation]: installation,
				[labels.host]: host,
				[labels.service]: instance.service,
				[labels.environment]: instance.environment,
				[labels.volume]: name,
			},
			DriverConfig: { Name: "local", Options: {} },
		},
	}));
}

/** The engine's names of this installation's volumes. */
export async function listVolumes(engine: Docker, installation: string): Promise<string[]> {
	const { Volumes: volumes } = await engine.listVolumes({
		filters: { label: [labels.volume, `${labels.installation}=${installation}`] },
	});
	return (volumes ?? []).map(({ Name: name }) => name).sort();
}

/** Gone is as wished; one that a container still has is tried again at the next look. */
export async function removeVolume(engine: Docker, name: string): Promise<void> {
	await engine
		.getVolume(name)
		.remove()
		.catch((error: unknown) => {
			if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
		});
}
