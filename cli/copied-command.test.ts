import type { Command } from "commander";
import { expect, it } from "vitest";
import {
	cancelCreationCommand,
	cancelPipelineCommand,
	configCommands,
	createRepositoryCommand,
	deployCommand,
	disableCommand,
	editCommand,
	followCommand,
	hostCommand,
	inviteCommand,
	rolloutCommand,
	serviceCommand,
	tokenCommand,
	webhookCommand,
	webhookVerbCommand,
} from "@/app/verbs/command";
import { createProgram } from "./program";

const rollout = { service: "orders", environment: "staging", number: 4 };
const odd = 'it\'s $(rm -rf /) -- "x"';

const copied: readonly string[] = [
	...(["approve", "reject", "promote", "promote-full", "pause", "resume", "abort", "retry", "rollback"] as const).map((verb) =>
		rolloutCommand(verb, rollout, odd),
	),
	...(["scale", "restart", "stop"] as const).map((verb) => serviceCommand(verb, rollout, 3)),
	editCommand(
		rollout,
		[
			{ kind: "weight", weight: 12.5 },
			{ kind: "pause", durationMs: null },
		],
		odd,
	),
	deployCommand(rollout, 7),
	followCommand(rollout),
	...configCommands(
		rollout,
		[
			{ kind: "plain", name: "A", value: odd },
			{ kind: "plain", name: "B", value: "-x" },
			{ kind: "secret", name: "C", value: "only-for-this-test" },
			{ kind: "remove", name: "D" },
		],
		odd,
	).split("\n"),
	cancelPipelineCommand({ repository: "orders", number: 3 }),
	cancelCreationCommand("orders"),
	createRepositoryCommand("orders"),
	...(["drain", "undrain", "remove"] as const).map((verb) => hostCommand(verb, "h1", verb === "remove")),
	inviteCommand("ada@example.test", "viewer"),
	disableCommand("ada@example.test"),
	webhookCommand({ name: odd, address: "https://x.test/in", types: ["dev.sluice.rollout.failed"], services: ["orders"] }),
	webhookVerbCommand("remove", odd),
	tokenCommand(odd, "admin", 7, { scopes: ["read", "deploy"], services: ["orders"], environments: null }),
];

/** As a POSIX shell parts words: single quotes, and a backslash before a quote. */
function wordsOf(text: string): string[] {
	return [...text.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
		word.replace(/'([^']*)'|\\(.)/g, (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? ""),
	);
}

interface Understood {
	readonly name: string;
	readonly args: readonly string[];
	readonly options: Record<string, unknown>;
}

/** What the command line makes of it; nothing is done. */
async function understood(text: string): Promise<Understood> {
	const [program, ...argv] = wordsOf(text);
	expect(program).toBe("./sluice");
	let found: Understood | null = null;
	const listen = (command: Command): void => {
		command.action(() => {
			found = { name: command.name(), args: command.processedArgs as string[], options: command.opts() };
		});
		for (const inner of command.commands) listen(inner);
	};
	const parsed = createProgram().configureOutput({ writeErr: () => undefined });
	for (const inner of parsed.commands) listen(inner);
	await parsed.parseAsync(["node", "sluice", ...argv]);
	if (found === null) throw new Error(`${text} does nothing`);
	return found;
}

it.each(copied)("%s is understood", async (text) => {
	expect((await understood(text)).args.every((one) => one !== "")).toBe(true);
});

it("what was typed arrives as it was typed", async () => {
	expect((await understood(rolloutCommand("abort", rollout, odd))).options).toMatchObject({ env: "staging", reason: odd });
	const [plain = "", dashed = "", secret = ""] = configCommands(
		rollout,
		[
			{ kind: "plain", name: "A", value: odd },
			{ kind: "plain", name: "B", value: "-x" },
			{ kind: "secret", name: "C", value: "only-for-this-test" },
		],
		"",
	).split("\n");
	expect((await understood(plain)).args).toEqual(["orders", "A", odd]);
	expect(await understood(dashed)).toMatchObject({ args: ["orders", "B", "-x"], options: { env: "staging" } });
	expect(secret).not.toContain("only-for-this-test");
	const made = await understood(tokenCommand("ci", "admin", 7, { scopes: ["read"], services: ["a", "b"], environments: null }));
	expect(made.options).toMatchObject({ scope: ["read"], service: ["a", "b"], days: "7" });
});
