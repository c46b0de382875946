import { existsSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { command, tryCommand } from "../command";
import { newInstallationId } from "../installation";
import { localSubnets } from "../network";
import { ensureFleetNetwork, namespaceFile, removeFleetNetwork } from "./network";
import { freeSubnetNumber, planFleet } from "./plan";

const id = newInstallationId();
const plan = planFleet({ id, fleet: ["h1", "h2"] }, freeSubnetNumber(id, localSubnets()) ?? 0);
const inH1 = ["nsenter", `--net=${namespaceFile(`sluice-${id}-h1`)}`];

afterEach(() => removeFleetNetwork(plan));

async function rules(): Promise<number> {
	return (await command("", ["iptables", "-w", "-S", "DOCKER-USER"])).split("\n").filter((line) => line.includes(plan.bridge))
		.length;
}

it("is made once however often it is asked for, and nothing of it stays", async () => {
	await ensureFleetNetwork(plan);
	await ensureFleetNetwork(plan);
	expect(await rules()).toBe(1);
	await removeFleetNetwork(plan);
	expect(await rules()).toBe(0);
	expect(existsSync(`/sys/class/net/${plan.bridge}`)).toBe(false);
	expect(plan.hosts.some((host) => existsSync(namespaceFile(host.namespace)) || existsSync(`/sys/class/net/${host.veth}`))).toBe(
		false,
	);
});

it("a half-made one is completed", async () => {
	await command("", ["ip", "netns", "add", `sluice-${id}-h1`]);
	await ensureFleetNetwork(plan);
	const route = await command("", [...inH1, "ip", "route", "get", plan.hosts[1]?.address ?? ""]);
	expect(route).toContain("dev eth0");
});

it("hosts reach each other and the bridge, and keep virtual addresses to themselves", async () => {
	await ensureFleetNetwork(plan);
	const server = tryCommand([
		"nsenter",
		`--net=${namespaceFile(`sluice-${id}-h2`)}`,
		...listenOnce(plan.hosts[1]?.address ?? ""),
	]);
	const answer = await command("", [...inH1, ...askUntilAnswered(plan.hosts[1]?.address ?? "")]);
	expect(answer).toBe("hello");
	expect((await server).code).toBe(0);
	expect(await command("", [...inH1, "ip", "route", "get", "10.254.0.9"])).toContain("dev lo");
});

const node = [process.execPath, "-e"];

function listenOnce(address: string): string[] {
	const script =
		"require('net').createServer(s=>{s.end('hello');s.on('close',()=>process.exit(0))}).listen(9000,process.argv[1])";
	return [...node, script, address];
}

function askUntilAnswered(address: string): string[] {
	const script =
		"const ask=()=>require('net').connect(9000,process.argv[1]).on('data',d=>process.stdout.write(d)).on('error',()=>setTimeout(ask,50));ask()";
	return [...node, script, address];
}
