import { placeText, type VolumeFact } from "@/domain/import/model";
import { substitute } from "@/domain/import/substitute";
import type { YamlNode } from "@/domain/import/yaml-nodes";

interface Mount {
	readonly type: string;
	/** Empty = it has no name. */
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
}

/** Folders that a build or a package manager fills: a volume over them only hides what the image has. */
const made =
	/(^|\/)(node_modules|vendor|\.?venv|site-packages|__pycache__|\.cache|\.m2|\.gradle|\.cargo|\.npm|\.next|\.nuget|go\/pkg(\/mod)?|target|build|dist)\/?$/;

/** Volumes with a name hold data; of the rest it is said what becomes of it. `paths` are those of the repository. */
export function volumesOf(service: YamlNode, paths: readonly string[], notes: string[]): VolumeFact[] {
	return (service.get("volumes")?.items() ?? []).flatMap((node): VolumeFact[] => {
		const mount = node.isMap ? longForm(node) : shortForm(substitute(node.text() ?? "", new Map()));
		if (mount.type === "volume" && mount.source !== "" && !made.test(mount.target)) {
			return [{ name: mount.source, target: mount.target, readOnly: mount.readOnly, at: node.at }];
		}
		const sentence = leftOut(mount, paths);
		if (sentence !== null) notes.push(`${placeText(node.at)}: ${sentence}`);
		return [];
	});
}

function longForm(node: YamlNode): Mount {
	const text = (key: string): string => substitute(node.get(key)?.text() ?? "", new Map());
	return {
		type: text("type") || "volume",
		source: text("source") || text("src"),
		target: text("target") || text("dst"),
		readOnly: text("read_only") === "true",
	};
}

/** `data:/var/lib/app:ro`, `./src:/app`, `/app/node_modules`. */
function shortForm(text: string): Mount {
	const parts = text.split(":");
	const [source = "", target = "", options = ""] = parts.length === 1 ? ["", text] : parts;
	const isPath = /^[./~$\\]/.test(source);
	return { type: isPath ? "bind" : "volume", source, target, readOnly: options.split(",").includes("ro") };
}

/** null = nothing is lost by it. */
function leftOut({ type, source, target }: Mount, paths: readonly string[]): string | null {
	const [from, to] = [source.slice(0, 200), target.slice(0, 200)];
	if (type === "volume" && made.test(target)) return `the volume at ${to} holds what a build makes and is left out.`;
	if (type === "volume") return `${to} is a volume without a name and is left out: what is written there goes with the instance.`;
	if (type !== "bind") return null;
	if (source.endsWith(".sock")) return `${from} of the machine is not given to an instance, and is left out.`;
	const inside = source.replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
	const isFile = paths.includes(inside) || /\.[A-Za-z0-9]{1,10}$/.test(target);
	if (isFile) {
		return `the file ${from} is not taken over: put it into the image, or under Delivery.environments.<name>.files if its content is configuration.`;
	}
	if (inside === "." || inside === "" || paths.some((path) => path.startsWith(`${inside}/`))) {
		return `${from} is mounted over what the image holds and is left out: an instance runs what was built.`;
	}
	return `the folder ${from} is not in the repository and is left out: what is written to ${to} goes with the instance, unless a volume with a name is mounted there.`;
}
