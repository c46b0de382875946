import type { Command } from "commander";

import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, printJson, withOutput } from "../output";

export function register(program: Command): void {
	withOutput(program.command("whoami").description("who you are at this portal, and your role")).action(
		async (options: OutputOptions) => {
			const me = await createClient(homeOf()).session.me.query();
			if (options.output === "json") return printJson(me);
			process.stdout.write(`${me.name} (${me.email}), ${me.role}, at installation ${me.installation}\n`);
		},
	);
}
