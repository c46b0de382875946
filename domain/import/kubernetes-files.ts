import type { ImportSource, SourceFile } from "@/domain/import/model";

const folder =
	/^(k8s|kube|kubernetes|manifests?|deploy|deployments?|kustomize)$|^(k8s|kubernetes)[-_]|[-_](k8s|kubernetes|manifests)$/i;
const elsewhere = /(^|\/)(\.[^/]+|node_modules|vendor|third_party|tests?|testdata|examples?)\//i;
/** Parsers need time for each byte, and the portal answers nobody meanwhile. */
const mostBytes = 256 * 1024;
export const mostManifests = 60;

/** Whether a file may be a Kubernetes manifest, by where it lies. */
export function isManifestPath(path: string): boolean {
	const folders = path.split("/").slice(0, -1);
	if (!/\.ya?ml$/i.test(path) || folders.length > 4 || elsewhere.test(path)) return false;
	return folders.length === 0 || folders.some((name) => folder.test(name));
}

/** The nearest to the root first: what lies deeper is more often a variant. */
export function sortManifests<T extends { readonly path: string }>(files: readonly T[]): T[] {
	const depth = ({ path }: T): number => path.split("/").length;
	return [...files].sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
}

export interface ManifestFiles {
	readonly plain: readonly SourceFile[];
	/** What was there and not read. */
	readonly notes: readonly string[];
}

/** The manifests as they are applied; what a program has to make first is not guessed. */
export function manifestFiles({ files, paths }: ImportSource): ManifestFiles {
	const notes: string[] = [];
	const all = sortManifests(files.filter(({ path, text }) => isManifestPath(path) && speaksOfWorkload(text)));
	const applied = all.filter(({ path, text }) => !isOverlay(path) && !isTemplated(text));
	let bytes = 0;
	const plain = applied.filter(({ text }) => {
		bytes += text.length;
		return bytes <= mostBytes;
	});
	if (plain.length < applied.length) {
		notes.push(
			`Of ${applied.length} files with Kubernetes manifests the first ${plain.length} were read: the others are too large.`,
		);
	}
	const listed = paths.filter(isManifestPath);
	if (listed.length > mostManifests && plain.length > 0) {
		notes.push(`Of ${listed.length} files that may be Kubernetes manifests the first ${mostManifests} were read.`);
	}
	if (plain.length > 0) return { plain, notes };
	const chart = all.find(({ text }) => isTemplated(text))?.path ?? paths.find((path) => /(^|\/)Chart\.ya?ml$/.test(path));
	if (chart !== undefined) {
		notes.push(
			`${chart} is of a Helm chart, which says something only when Helm has rendered it: nothing was taken from it. What \`helm template\` prints is read when it lies in k8s/.`,
		);
		return { plain, notes };
	}
	const overlay = all.find(({ path }) => isOverlay(path))?.path ?? paths.find((path) => /(^|\/)kustomization\.ya?ml$/.test(path));
	if (overlay !== undefined) {
		notes.push(
			`${overlay} is of a Kustomize overlay, which says something only together with its base: nothing was taken from it. What \`kubectl kustomize\` prints is read when it lies in k8s/.`,
		);
	}
	return { plain, notes };
}

/** Before it is parsed: most YAML files of a repository are something else. */
function speaksOfWorkload(text: string): boolean {
	return /["']?\bkind["']?\s*:\s*["']?(Deployment|StatefulSet|Service|List)\b/.test(text);
}

function isTemplated(text: string): boolean {
	return /\{\{-?\s*(\.|\$|include|if|else|end|range|with|define|template|toYaml|default|quote|\/\*)/.test(text);
}

function isOverlay(path: string): boolean {
	return /(^|\/)(overlays?|components|patches)\//i.test(path) || /(^|[/._-])patch(es)?[^/]*$/i.test(path);
}
