import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { home } from "./installation";

const program = fileURLToPath(new URL("../../sluice", import.meta.url));

export interface Outcome {
	readonly code: number;
	readonly output: string;
	readonly errors: string;
}

/** `./sluice <words>` on the installation under test, or where `settings` say; `input` goes to its standard input. */
export function trySluice(
	words: readonly string[],
	input = "",
	settings: Readonly<Record<string, string>> = { SLUICE_HOME: home() },
): Promise<Outcome> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, words, { env: { ...process.env, ...settings }, stdio: ["pipe", "pipe", "pipe"] });
		let output = "";
		let errors = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			errors += text;
		});
		child.once("error", reject);
		child.once("close", (code) => resolve({ code: code ?? 1, output, errors }));
		child.stdin.on("error", () => undefined);
		child.stdin.end(input);
	});
}

/** Throws with what it said when it fails. */
export async function sluice(words: readonly string[], input = ""): Promise<string> {
	const { code, output, errors } = await trySluice(words, input);
	if (code !== 0) throw new Error(`sluice ${words.join(" ")} ended with ${code}:\n${errors.slice(-2_000)}`);
	return output;
}
