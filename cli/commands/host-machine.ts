import type { Command } from "commander";
import { homeOf } from "../home";
import { tell } from "../output";

interface JoinOptions {
	readonly name: string;
	readonly relay?: string;
	readonly address?: string;
	readonly docker?: string;
	readonly tokenFile?: string;
}

/** `host join` and `host leave`: typed on the machine that becomes a host, where no control plane need be. */
export function registerMachine(host: Command): void {
	host
		.command("join")
		.description("on the machine that joins: get its certificate, and run its agent and Envoy from now on")
		.requiredOption("--name <name>", "all that is needed once it has joined")
		.option("--relay <https://address:port>")
		.option("--address <address>", "where every other host reaches this machine")
		.option("--token-file <file>", "a file that holds the token; never an argument, others can read those")
		.option("--docker <socket>", "the engine, by default unix:///var/run/docker.sock")
		.action(async (options: JoinOptions) => {
			const { joinMachine } = await import("@/platform/joined");
			const { underHomeLock } = await import("@/platform/home-lock");
			const sentence = await underHomeLock(homeOf(), () => joinMachine(homeOf(), options));
			tell(`${sentence ?? `${options.name} had joined already.`} Its agent and Envoy run.`);
		});
	host
		.command("leave <name>")
		.description("on the machine itself: end its agent and Envoy, remove its containers and its certificate")
		.option("--force", "also while instances should run here")
		.action(async (name: string, { force = false }: { force?: boolean }) => {
			const { leaveMachine } = await import("@/platform/joined");
			const { underHomeLock } = await import("@/platform/home-lock");
			const volumes = await underHomeLock(homeOf(), () => leaveMachine(homeOf(), name, force));
			tell(`${name} has left. At the control plane, \`sluice host remove ${name}\` forgets it once it is silent.`);
			for (const volume of volumes)
				tell(`The volume ${volume} stays, with a service's data: \`docker volume rm ${volume}\` removes it.`);
		});
}
