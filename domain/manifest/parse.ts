import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import { checkDocument } from "@/domain/manifest/check";
import type { ComponentDocument, DeliveryDocument, Documents, WorkloadDocument } from "@/domain/manifest/documents";
import { checkMeaning } from "@/domain/manifest/meaning";
import type { Manifest } from "@/domain/manifest/model";
import { type ManifestProblem, manifestError } from "@/domain/manifest/problem";
import { resolveManifest } from "@/domain/manifest/resolve";

const largestBytes = 256 * 1024;
/** Aliases multiply: a bomb of a few hundred bytes can unfold to gigabytes. */
const mostAliases = 50;

/**
 * Reads a `sluice.yaml`: a Score workload, and if wanted a Backstage Component and a Delivery. Throws one AppError
 * `invalid` with all problems found, each with file:line:column; unknown keys are problems.
 */
export function parseManifest(text: string, file: string): Manifest {
	const problems: ManifestProblem[] = [];
	if (text.length > largestBytes) {
		throw manifestError([{ file, line: 1, column: 1, message: `the manifest is larger than ${largestBytes / 1024} kB` }]);
	}
	const lines = new LineCounter();
	const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
	const place = (offset: number, message: string): ManifestProblem => {
		const { line, col } = lines.linePos(offset);
		return { file, line: Math.max(line, 1), column: Math.max(col, 1), message };
	};
	const documents = Array.isArray(parsed) ? parsed.filter((document) => document.contents !== null) : [];
	for (const document of documents) {
		for (const error of document.errors) problems.push(place(error.pos[0], firstLine(error.message)));
	}
	if (problems.length > 0) throw manifestError(problems);

	const found: { -readonly [Kind in keyof Documents]?: Documents[Kind] } = {};
	for (const document of documents) {
		const kind = kindOf(document);
		const start = document.range[0];
		if (!kind) {
			const message =
				"a document here is a Backstage Component, a Score workload (apiVersion score.dev/v1b1) or a Delivery (apiVersion sluice.dev/v1)";
			problems.push(place(start, message));
			continue;
		}
		if (found[kind]) problems.push(place(start, `there is a second ${kind}; a manifest has one`));
		const own = checkDocument(kind, document, mostAliases);
		problems.push(...own.problems.map(({ offset, message }) => place(offset, message)));
		if (own.value !== null) Object.assign(found, { [kind]: own.value });
	}
	if (problems.length > 0) throw manifestError(problems);
	const { workload, component = null, delivery = null } = found;
	if (!workload)
		throw manifestError([{ file, line: 1, column: 1, message: "there is no Score workload (apiVersion score.dev/v1b1)" }]);

	const byKind = new Map(documents.map((document) => [kindOf(document), document]));
	const meant = checkMeaning({ component, workload, delivery }, (kind, path) => offsetOf(byKind.get(kind), path));
	if (meant.length > 0) throw manifestError(meant.map(({ offset, message }) => place(offset, message)));
	return resolveManifest(
		{
			component: component as ComponentDocument | null,
			workload: workload as WorkloadDocument,
			delivery: delivery as DeliveryDocument | null,
		},
		(path) => {
			const { line, column } = place(offsetOf(byKind.get("delivery"), path), "");
			return { file, line, column };
		},
	);
}

function kindOf(document: Document.Parsed): keyof Documents | null {
	const text = (key: string): string => {
		const value = document.get(key);
		return typeof value === "string" ? value : "";
	};
	if (text("apiVersion").startsWith("backstage.io/")) return "component";
	if (text("apiVersion").startsWith("score.dev/")) return "workload";
	return text("apiVersion").startsWith("sluice.dev/") ? "delivery" : null;
}

/** Where the node at a path begins; a missing one is shown at its nearest parent. */
function offsetOf(document: Document.Parsed | undefined, path: readonly string[]): number {
	for (let length = path.length; length > 0 && document; length -= 1) {
		const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
		if (isSeq(parent)) {
			const [start] = (parent.items[Number(path[length - 1])] as Node | undefined)?.range ?? [];
			if (start !== undefined) return start;
		}
		if (!isMap(parent)) continue;
		const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path[length - 1]);
		if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
	}
	return document?.range[0] ?? 0;
}

function firstLine(message: string): string {
	return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}
