/** Bytes that outlive containers; the control plane knows where they are, never what they say. */
export interface PlacedVolume {
	/** The engine's name for it. */
	readonly id: string;
	readonly name: string;
	readonly host: string;
}

/** The engine's name of a new volume: `nonce` makes it one that no earlier volume had, so that a removed one never comes back. */
export function volumeId(
	installation: string,
	volume: { readonly service: string; readonly environment: string; readonly name: string },
	nonce: string,
): string {
	return `sluice-${installation}-${volume.service}-${volume.environment}-${volume.name}-${nonce}`;
}

/** Why a volume cannot be removed now, as a sentence; null = it can. */
export function whyNotRemoveVolume(volume: {
	readonly service: string;
	readonly environment: string;
	readonly name: string;
	/** Ids of instances that hold it, or may still. */
	readonly heldBy: readonly string[];
}): string | null {
	const { service, environment, name, heldBy } = volume;
	if (heldBy.length === 0) return null;
	return `The volume ${name} of ${service} in ${environment} is held by ${heldBy.join(", ")}: \`sluice stop ${service} --env ${environment}\` first.`;
}
