/** The host's folder: all the agent knows, so that it starts with nothing but this disk. */
export function filesOf(directory: string) {
	return {
		host: `${directory}/host.json`,
		ca: `${directory}/ca.pem`,
		/** Certificate and key in one file: a renewal replaces both at once, or neither. */
		identity: `${directory}/identity.pem`,
		desired: `${directory}/desired.json`,
		traffic: `${directory}/traffic.json`,
		/** How far the log of each container was taken. */
		logPositions: `${directory}/log-positions.json`,
		names: `${directory}/names`,
	} as const;
}

export type HostFiles = ReturnType<typeof filesOf>;
