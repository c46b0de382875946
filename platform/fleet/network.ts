import { existsSync } from "node:fs";
import { AppError } from "@/domain/errors";
import type { Installation } from "@/domain/installation";
import { command, tryCommand } from "../command";
import { localSubnets, readNetwork, routeVirtualAddresses, writeNetwork } from "../network";
import { type FleetPlan, freeSubnetNumber, planFleet, subnetNumberOf, type TestHost } from "./plan";

export function namespaceFile(namespace: string): string {
	return `/run/netns/${namespace}`;
}

/** The plan with the subnet of the first `up`, or a free one. */
export function fleetOf(installation: Installation, home: string): FleetPlan {
	const kept = readNetwork(home, "fleet");
	const number = kept ? subnetNumberOf(kept.subnet) : freeSubnetNumber(installation.id, localSubnets());
	if (number === null)
		throw new AppError("unavailable", "No subnet of 10.78.0.0/16 is free for test hosts: take an unused bridge down.");
	const plan = planFleet(installation, number);
	writeNetwork(home, "fleet", { subnet: plan.subnet, gateway: plan.gateway });
	return plan;
}

/** Bridge, namespaces and routes; each step looks first, so it can be run any number of times. */
export async function ensureFleetNetwork(plan: FleetPlan): Promise<void> {
	const ip = (...argv: string[]) => command("Making the test hosts' network", ["ip", ...argv]);
	if (!existsSync(`/sys/class/net/${plan.bridge}`)) await ip("link", "add", plan.bridge, "type", "bridge");
	await ip("address", "replace", `${plan.gateway}/24`, "dev", plan.bridge);
	await ip("link", "set", plan.bridge, "up");
	// Docker sets FORWARD to DROP, and bridged frames pass it: hosts reach hosts, and containers of one those of another.
	const rule = forwardRule(plan);
	const found = await tryCommand(["iptables", "-w", "-C", "DOCKER-USER", ...rule]);
	if (found.code !== 0) await command("Letting test hosts reach each other", ["iptables", "-w", "-I", "DOCKER-USER", ...rule]);
	await Promise.all(plan.hosts.map((host) => ensureNamespace(plan, host)));
}

function forwardRule(plan: FleetPlan): string[] {
	return ["-i", plan.bridge, "-o", plan.bridge, "-j", "ACCEPT"];
}

async function ensureNamespace(plan: FleetPlan, host: TestHost): Promise<void> {
	const run = (...argv: string[]) => command(`Making the test host ${host.name}`, ["ip", ...argv]);
	const inside = (...argv: string[]) => run("-n", host.namespace, ...argv);
	if (!existsSync(namespaceFile(host.namespace))) await run("netns", "add", host.namespace);
	if (!existsSync(`/sys/class/net/${host.veth}`)) {
		await run("link", "add", host.veth, "type", "veth", "peer", "name", "eth0", "netns", host.namespace);
	}
	await run("link", "set", host.veth, "master", plan.bridge, "up");
	await inside("address", "replace", `${host.address}/24`, "dev", "eth0");
	await inside("link", "set", "eth0", "up");
	await inside("link", "set", "lo", "up");
	await inside("route", "replace", "default", "via", plan.gateway);
	await routeVirtualAddresses(["ip", "-n", host.namespace]);
}

/** Takes away what `ensureFleetNetwork` made; what is gone already is no error. */
export async function removeFleetNetwork(plan: FleetPlan): Promise<void> {
	for (const host of plan.hosts) {
		await tryCommand(["ip", "link", "del", host.veth]);
		if (existsSync(namespaceFile(host.namespace))) await tryCommand(["ip", "netns", "del", host.namespace]);
	}
	await tryCommand(["iptables", "-w", "-D", "DOCKER-USER", ...forwardRule(plan)]);
	if (existsSync(`/sys/class/net/${plan.bridge}`)) await tryCommand(["ip", "link", "del", plan.bridge]);
}
