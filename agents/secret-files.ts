import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import type { DesiredInstance, InstanceValues } from "@/domain/host/model";

/** statfs(2): TMPFS_MAGIC. */
const tmpfsMagic = 0x01021994;
/** Of all instances of the host together; a value has at most 64 kB. */
const options = "mode=0700,size=64m,nosuid,nodev,noexec";

export interface FileMount {
	readonly source: string;
	readonly target: string;
}

/**
 * Files of instances' values, on a tmpfs of this host that only root enters; each is mounted read-only into its one
 * container. They are gone after a reboot, and are fetched again before the container starts.
 */
export class SecretFiles {
	constructor(private readonly directory: string) {}

	/** Where the instance's files are, or will be: by their order in its references, as paths hold slashes. */
	mountsOf(instance: DesiredInstance): FileMount[] {
		return pathsOf(instance).map((target, index) => ({ source: `${this.directory}/${instance.id}/${index}`, target }));
	}

	/** Has all that its container mounts? */
	isComplete(instance: DesiredInstance): boolean {
		return pathsOf(instance).length === 0 || existsSync(`${this.directory}/${instance.id}`);
	}

	/** `user` is the image's: a number owns its files alone; a name is known inside only, so all of that container may read. */
	async write(instance: DesiredInstance, { files }: InstanceValues, user: string): Promise<void> {
		const paths = pathsOf(instance);
		if (paths.length === 0) return;
		await this.#ensureTmpfs();
		const folder = `${this.directory}/${instance.id}`;
		const work = `${folder}.new`;
		rmSync(work, { recursive: true, force: true });
		mkdirSync(work, { mode: 0o700 });
		const { uid, gid, mode } = ownerOf(user);
		for (const [index, path] of paths.entries()) {
			const file = `${work}/${index}`;
			writeFileSync(file, files[path] ?? "", { mode: 0o600 });
			chownSync(file, uid, gid);
			chmodSync(file, mode);
		}
		rmSync(folder, { recursive: true, force: true });
		renameSync(work, folder);
	}

	/** Removes what belongs to none of these instances. */
	keepOnly(instances: ReadonlySet<string | null>): void {
		if (!existsSync(this.directory)) return;
		for (const name of readdirSync(this.directory)) {
			if (!instances.has(name.replace(/\.new$/, ""))) rmSync(`${this.directory}/${name}`, { recursive: true, force: true });
		}
	}

	async #ensureTmpfs(): Promise<void> {
		mkdirSync(this.directory, { recursive: true, mode: 0o700 });
		if (statfsSync(this.directory).type === tmpfsMagic) return;
		await promisify(execFile)("mount", ["-t", "tmpfs", "-o", options, "sluice-secrets", this.directory]);
	}
}

function pathsOf({ references }: DesiredInstance): string[] {
	return Object.keys(references?.files ?? {}).sort();
}

function ownerOf(user: string): { uid: number; gid: number; mode: number } {
	const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user === "" || user === "root" ? "0" : user) ?? [];
	if (uid === undefined) return { uid: 0, gid: 0, mode: 0o444 };
	return { uid: Number(uid), gid: Number(gid ?? 0), mode: 0o400 };
}
