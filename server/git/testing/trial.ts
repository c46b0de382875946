import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gitExecPath } from "@/adapters/git/run";
import { createLog } from "@/adapters/log/log";
import { pathsOf } from "@/domain/installation";
import type { Actor, Role } from "@/domain/roles";
import { createGitServer } from "@/server/git/server";
import { type PushDeps, pushSentences, recordPushes } from "@/server/services/push";
import type { Database } from "@/server/store/client";
import { findRepository } from "@/server/store/repository";

const execFileAsync = promisify(execFile);

export function actorOf(role: Role): Actor {
	return { kind: "token", id: `id-${role}`, name: `the ${role}`, role };
}

export function trialDeps(database: Database, home: string): PushDeps {
	return { database, env: { paths: pathsOf(home), portalUrl: "http://localhost:28100" }, log: createLog("git-trial") };
}

/** A real git server whose tokens are the role's names. */
export async function startTrialServer(
	deps: PushDeps,
	record: (name: string) => Promise<readonly string[]> = async (name) =>
		pushSentences(deps, name, await recordPushes(deps, name)),
): Promise<{ url: string; close(): Promise<void> }> {
	const roles: readonly Role[] = ["viewer", "developer"];
	const server = createGitServer({
		log: deps.log,
		execPath: await gitExecPath(),
		repositories: deps.env.paths.repositories,
		authenticate: async (token) => {
			const role = roles.find((one) => one === token);
			return role ? actorOf(role) : null;
		},
		hasRepository: async (name) => (await findRepository(deps.database, name)) !== null,
		recordPushes: record,
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

export function withToken(url: string, token: string, repository: string): string {
	return `${url.replace("http://", `http://x:${token}@`)}/${repository}.git`;
}

/** A work tree of a person: real git, nothing of this machine's settings. */
export class Clone {
	readonly folder = mkdtempSync(join(tmpdir(), "sluice-clone-"));

	async git(...argv: string[]): Promise<{ code: number; output: string }> {
		const identity = {
			GIT_AUTHOR_NAME: "Ada",
			GIT_AUTHOR_EMAIL: "ada@localhost",
			GIT_COMMITTER_NAME: "Ada",
			GIT_COMMITTER_EMAIL: "ada@localhost",
		};
		const env = { PATH: process.env.PATH, HOME: this.folder, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", ...identity };
		try {
			const { stdout, stderr } = await execFileAsync("git", ["-C", this.folder, ...argv], {
				env: env as unknown as NodeJS.ProcessEnv,
			});
			return { code: 0, output: stdout + stderr };
		} catch (error) {
			const failed = error as { code?: number; stdout?: string; stderr?: string };
			return { code: failed.code ?? 1, output: `${failed.stdout ?? ""}${failed.stderr ?? ""}` };
		}
	}

	async commit(files: Record<string, string | Buffer>, message: string): Promise<string> {
		if ((await this.git("rev-parse", "--git-dir")).code !== 0) await this.git("init", "--quiet", "--initial-branch=main");
		for (const [name, content] of Object.entries(files)) {
			mkdirSync(dirname(join(this.folder, name)), { recursive: true });
			writeFileSync(join(this.folder, name), content);
		}
		await this.git("add", "--all");
		await this.git("commit", "--quiet", "--message", message);
		return (await this.git("rev-parse", "HEAD")).output.trim();
	}

	link(target: string, name: string): void {
		symlinkSync(target, join(this.folder, name));
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
