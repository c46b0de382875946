import { type Command, InvalidArgumentError } from "commander";
import { AppError } from "@/domain/errors";
import { homeOf } from "../home";

function positive(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("it is a whole number from 1 on.");
	return number;
}

function portNumber(text: string): number {
	const number = Number(text);
	// Nine ports follow it.
	if (!Number.isInteger(number) || number < 1024 || number > 65_000)
		throw new InvalidArgumentError("it is a number from 1024 to 65000.");
	return number;
}

function fromEnvironment(base: string): number {
	try {
		return portNumber(base);
	} catch (cause) {
		throw new AppError("invalid", `SLUICE_PORT_BASE is ${base}, and it must be a number from 1024 to 65000.`, { cause });
	}
}

interface UpOptions {
	readonly fleet?: number;
	readonly portBase?: number;
	readonly relayAddress?: readonly string[];
	readonly foreground?: true;
}

export function register(program: Command): void {
	program
		.command("up")
		.description("make everything of this installation run; a second time it makes sure of it")
		.addHelpText(
			"after",
			`
DATABASE_URL and TEMPORAL_ADDRESS name a Postgres and a Temporal of your own instead of the embedded ones. They are kept for
this installation's later commands; an empty variable goes back to the embedded one.`,
		)
		.option("--fleet <n>", "run this many test hosts instead of this machine as the host", positive)
		.option("--port-base <port>", "the first of the ports (SLUICE_PORT_BASE)", portNumber)
		.option(
			"--relay-address <address>",
			"an address of this machine at which hosts elsewhere reach it; may be repeated, and is kept",
			(address: string, before: readonly string[] = []) => [...before, address],
		)
		.option("--foreground", "stay, and take everything down at Ctrl-C")
		.action(async (options: UpOptions) => {
			const { announce, bringUp } = await import("@/platform/up");
			const { SLUICE_PORT_BASE: base, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress } = process.env;
			const portBase = options.portBase ?? (base ? fromEnvironment(base) : undefined);
			const servers = { databaseUrl, temporalAddress };
			const wishes = { fleet: options.fleet, portBase, servers, relayAddresses: options.relayAddress };
			const isControlPlane = await bringUp(homeOf(), wishes);
			if (isControlPlane) announce(homeOf());
			if (options.foreground) await stay();
		});
}

async function stay(): Promise<void> {
	const { takeDown } = await import("@/platform/down");
	const { underHomeLock } = await import("@/platform/home-lock");
	const alive = setInterval(() => undefined, 60_000);
	await new Promise<void>((resolve) => {
		process.once("SIGINT", () => resolve());
		process.once("SIGTERM", () => resolve());
	});
	clearInterval(alive);
	await underHomeLock(homeOf(), () => takeDown(homeOf()));
}
