import type { HostConfig } from "@/domain/host/model";

/**
 * The numbers of a host's Envoys. A gateway has a pair on the same addresses (SO_REUSEPORT), so that one of them may
 * be killed, or restarted on purpose, and clients go on by the other; a host without outside clients has one.
 */
export function proxyNumbers(host: Pick<HostConfig, "roles">): readonly number[] {
	return host.roles.includes("gateway") ? [0, 1] : [0];
}

/** Only then may two sockets share an address: a second program on a service's port is an error otherwise. */
export function isPaired(host: Pick<HostConfig, "roles">): boolean {
	return proxyNumbers(host).length > 1;
}
