import type { Installation } from "@/domain/installation";

/** A test host: a network namespace with its own dockerd. Pure names and addresses. */
export interface TestHost {
	readonly name: string;
	readonly namespace: string;
	/** In the root namespace; an interface's name has at most 15 characters. */
	readonly veth: string;
	readonly address: string;
}

export interface FleetPlan {
	readonly bridge: string;
	/** The bridge's own address, which hosts reach the relay at. */
	readonly gateway: string;
	readonly subnet: string;
	readonly hosts: readonly TestHost[];
}

/** Test hosts live in 10.78.x.0/24. */
const prefix = "10.78";
const hostAddressOffset = 10;

/** A third number that no other interface uses: begins at one given by the id, so that it is mostly the same. */
export function freeSubnetNumber(id: string, taken: readonly string[]): number | null {
	const used = new Set(taken.map((cidr) => cidr.split(".").slice(0, 3).join(".")));
	const first = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 256, 7);
	for (let step = 0; step < 256; step += 1) {
		const number = (first + step) % 256;
		if (!used.has(`${prefix}.${number}`)) return number;
	}
	return null;
}

export function planFleet(installation: Pick<Installation, "id" | "fleet">, subnetNumber: number): FleetPlan {
	const { id, fleet } = installation;
	return {
		// Not the name of the local host's bridge, which Docker makes.
		bridge: `sluicef-${id}`,
		gateway: `${prefix}.${subnetNumber}.1`,
		subnet: `${prefix}.${subnetNumber}.0/24`,
		hosts: fleet.map((name, index) => ({
			name,
			namespace: `sluice-${id}-${name}`,
			veth: `sl${id}${name}`,
			address: `${prefix}.${subnetNumber}.${hostAddressOffset + index + 1}`,
		})),
	};
}

/** The number in a kept subnet `10.78.x.0/24`. */
export function subnetNumberOf(subnet: string): number {
	return Number(subnet.split(".")[2]);
}
