import { git } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";
import { isDescribing } from "@/domain/import/describing";
import { healthPaths, sortMentions } from "@/domain/import/health-paths";
import { isManifestPath, mostManifests, sortManifests } from "@/domain/import/kubernetes-files";
import type { ImportSource, Mention, SourceFile } from "@/domain/import/model";
import { largestBytes } from "@/domain/import/readable";

const mostFiles = 60;
/** A larger one is not read at all. */
const largestBlobBytes = 4 * 1024 * 1024;
const searchMs = 10_000;
const code = ["go", "py", "js", "mjs", "cjs", "ts", "java", "kt", "rs", "rb", "cs", "php", "ex", "scala"];

interface Entry {
	readonly mode: string;
	readonly object: string;
	readonly bytes: number;
	readonly path: string;
}

/** What a commit says of its service. Nothing of it is checked out or run, and no link is followed. */
export async function readImportSource(
	path: string,
	repository: string,
	commit: string,
): Promise<{ readonly source: ImportSource; readonly hasManifest: boolean }> {
	if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new AppError("invalid", `"${commit}" is not a commit.`);
	const entries = await listFiles(path, commit);
	const plain = entries.filter(({ mode }) => mode.startsWith("100"));
	const wanted = plain.filter(({ path }) => isDescribing(path)).slice(0, mostFiles);
	// Beside the others, not among them: a folder full of them must not hide a Dockerfile.
	const manifests = plain.filter((entry) => isManifestPath(entry.path) && !wanted.includes(entry));
	const files: SourceFile[] = [];
	for (const entry of [...wanted, ...sortManifests(manifests).slice(0, mostManifests)])
		files.push({ path: entry.path, text: await readText(path, entry) });
	return {
		source: {
			repository,
			files,
			paths: entries.map((entry) => entry.path),
			mentions: entries.some(isHuge) ? [] : await findMentions(path, commit),
		},
		hasManifest: entries.some((entry) => entry.path === "sluice.yaml"),
	};
}

async function listFiles(path: string, commit: string): Promise<Entry[]> {
	let text: string;
	try {
		text = await git(["--git-dir", path, "ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--"]);
	} catch (cause) {
		throw new AppError("does-not-fit", "The repository has more files than can be listed: nothing can be proposed for it.", {
			cause,
		});
	}
	return text.split("\0").flatMap((line): Entry[] => {
		const [, mode, object, size, name] = /^(\d+) blob ([0-9a-f]+)\s+(\d+)\t([\s\S]+)$/.exec(line) ?? [];
		return mode && object && size && name ? [{ mode, object, bytes: Number(size), path: name }] : [];
	});
}

/** Code that a search would hold in memory: nobody wrote it by hand. */
function isHuge({ path, bytes }: Entry): boolean {
	return bytes > largestBlobBytes && code.some((ending) => path.endsWith(`.${ending}`));
}

/** One byte over the limit is enough for the sentence that it is too large. */
async function readText(path: string, { object, bytes }: Entry): Promise<string> {
	if (bytes > largestBlobBytes) return " ".repeat(largestBytes + 1);
	return (await git(["--git-dir", path, "cat-file", "blob", object])).slice(0, largestBytes + 1);
}

/** Lines of the code that name a usual health path; none when the search takes too long. */
async function findMentions(path: string, commit: string): Promise<Mention[]> {
	const pattern = `["'\`](${healthPaths.join("|")})["'\`]`;
	const places = [...code.map((ending) => `*.${ending}`), ":(exclude)*test*", ":(exclude)*node_modules*", ":(exclude)*vendor*"];
	const argv = ["--git-dir", path, "grep", "-n", "-z", "-I", "-o", "-E", "--no-color", "-e", pattern, commit, "--", ...places];
	let text: string;
	try {
		text = await git(argv, {}, AbortSignal.timeout(searchMs));
	} catch {
		// git's word for "nothing found" is an error too.
		return [];
	}
	const mentions = text.split("\n").flatMap((line): Mention[] => {
		const [place = "", number = "", match = ""] = line.split("\0");
		const file = place.slice(place.indexOf(":") + 1);
		return match === "" ? [] : [{ file, line: Number(number), path: match.slice(1, -1) }];
	});
	return sortMentions(mentions).slice(0, 20);
}
