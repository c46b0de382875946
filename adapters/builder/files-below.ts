import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Everything below a folder, by its path there. A link is itself and never what it leads to: Node's own recursive
 * listing follows one to a folder of this machine.
 */
export function filesBelow(folder: string, under = ""): { readonly path: string; readonly isDirectory: boolean }[] {
	return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry: Dirent) => {
		const path = join(under, entry.name);
		const isDirectory = entry.isDirectory();
		return [{ path, isDirectory }, ...(isDirectory ? filesBelow(folder, path) : [])];
	});
}
