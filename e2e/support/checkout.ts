import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { apiToken } from "./installation";

const run = promisify(execFile);
const template = fileURLToPath(new URL("../../templates/typescript-http", import.meta.url));

/** A developer's checkout: of the template under a service name of its own, or of a repository that is there. */
export class Checkout {
	readonly folder: string;

	constructor(
		readonly service: string,
		private readonly cloneUrl: string,
		/** Whose pushes these are. */
		private readonly token = apiToken(),
	) {
		this.folder = mkdtempSync(join(tmpdir(), "sluice-e2e-"));
	}

	async fill(): Promise<void> {
		await this.git("init", "--initial-branch=main");
		cpSync(template, this.folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
		this.change("sluice.yaml", (text) => text.replaceAll("name: quotes", `name: ${this.service}`));
	}

	/** Begins with files of a service that is not ours. */
	async begin(files: Readonly<Record<string, string>>): Promise<void> {
		await this.git("init", "--initial-branch=main");
		for (const [file, text] of Object.entries(files)) writeFileSync(join(this.folder, file), text);
	}

	/** After a commit that was made elsewhere. */
	async pull(): Promise<void> {
		await this.git("pull", "--quiet", "--ff-only", this.cloneUrl, "main");
	}

	/** Brings what the repository holds. */
	async clone(): Promise<void> {
		await this.git("clone", "--quiet", this.cloneUrl, ".");
	}

	change(file: string, edit: (text: string) => string): void {
		const path = join(this.folder, file);
		const before = readFileSync(path, "utf8");
		const after = edit(before);
		if (after === before) throw new Error(`${file} was to be changed, but nothing in it matched.`);
		writeFileSync(path, after);
	}

	async push(message: string): Promise<void> {
		await this.git("add", "--all");
		await this.git("commit", "--message", message);
		await this.git("push", this.cloneUrl, "HEAD:main");
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	/** The token goes by the environment: argv is seen by everyone on the machine. */
	private async git(...argv: string[]): Promise<void> {
		const credentials = Buffer.from(`token:${this.token}`).toString("base64");
		const env = {
			...process.env,
			GIT_CONFIG_COUNT: "3",
			GIT_CONFIG_KEY_0: "http.extraHeader",
			GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
			GIT_CONFIG_KEY_1: "user.name",
			GIT_CONFIG_VALUE_1: "Browser test",
			GIT_CONFIG_KEY_2: "user.email",
			GIT_CONFIG_VALUE_2: "browser-test@localhost",
			GIT_TERMINAL_PROMPT: "0",
		};
		await run("git", argv, { cwd: this.folder, env });
	}
}
