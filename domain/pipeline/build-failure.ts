import { wrapperDownload } from "@/domain/pipeline/wrapper-download";

/** Lines of a failed instruction's own output that go into the sentence. */
const keptLines = 6;

/**
 * Says where a build failed, from BuildKit's plain output and the Dockerfile: `Dockerfile:7: RUN npm ci: exit code 1`
 * and the last lines the instruction wrote; or why a wrapper script could not download what it wraps.
 */
export function explainBuildFailure(output: string, dockerfile: { readonly file: string; readonly text: string }): string {
	const { file, text } = dockerfile;
	const parse = /dockerfile parse error(?: on)? line (\d+): (.*)/i.exec(output);
	if (parse) return `${file}:${parse[1]}: ${parse[2]?.trim()}`;
	const failed = failedStep(output);
	if (failed) {
		const line = instructionLine(text, failed.instruction);
		const place = line === null ? file : `${file}:${line}`;
		const download = wrapperDownload(failed.instruction, failed.lines);
		if (download !== null) return `${place}: ${download}`;
		const kept = failed.lines.slice(-keptLines);
		const tail = kept.length > 0 ? `\n${kept.join("\n")}` : "";
		return `${place}: ${shorten(failed.instruction)}: ${failed.error}${tail}`;
	}
	const last = output.trimEnd().split("\n").at(-1) ?? "";
	return `${file}: ${last.replace(/^.*failed to solve(?: with frontend \S+)?: /, "").replace(/^rpc error: code = \w+ desc = /, "")}`;
}

function failedStep(output: string): { instruction: string; error: string; lines: string[] } | null {
	const error = [...output.matchAll(/^#(\d+) ERROR: (.*)$/gm)].at(-1);
	const id = error?.[1];
	if (!error || !id) return null;
	const header = new RegExp(`^#${id} \\[[^\\]]*\\] (.*)$`, "m").exec(output)?.[1];
	if (!header) return null;
	const lines = [...output.matchAll(new RegExp(`^#${id} \\d+\\.\\d+ (.*)$`, "gm"))].map((match) => match[1]?.trimEnd() ?? "");
	// A script of several lines stands in the error, and its code behind them.
	const isScript = /^executor failed running \[[^\]]*$/.test(error[2] ?? "");
	const code = /exit code: (\d+)/.exec(isScript ? output.slice(error.index) : (error[2] ?? ""))?.[1];
	return {
		instruction: header.trim(),
		error: code ? `exit code ${code}` : (error[2] ?? "").trim(),
		lines,
	};
}

/** The line on which the instruction begins, as BuildKit prints it: one line, variables possibly already filled in. */
function instructionLine(text: string, instruction: string): number | null {
	const wanted = squeeze(instruction);
	const candidates = instructions(text);
	const exact = candidates.find((one) => squeeze(one.text) === wanted);
	if (exact) return exact.line;
	const keyword = wanted.split(" ")[0]?.toLowerCase();
	const alike = candidates.filter((one) => one.text.trim().split(/\s/)[0]?.toLowerCase() === keyword);
	return alike.length === 1 ? (alike[0]?.line ?? null) : null;
}

function instructions(text: string): { line: number; text: string }[] {
	const found: { line: number; text: string }[] = [];
	let open: { line: number; text: string } | null = null;
	for (const [index, raw] of text.split(/\r?\n/).entries()) {
		if (/^\s*(?:#|$)/.test(raw)) continue;
		const isContinued = /\\\s*$/.test(raw);
		const part = raw.replace(/\\\s*$/, "");
		if (open) open.text += part;
		else open = { line: index + 1, text: part };
		if (isContinued) continue;
		found.push(open);
		open = null;
	}
	if (open) found.push(open);
	return found;
}

function squeeze(text: string): string {
	return text.replace(/\s+/g, " ").trim();
}

function shorten(text: string): string {
	const one = squeeze(text);
	return one.length > 120 ? `${one.slice(0, 117)}...` : one;
}
