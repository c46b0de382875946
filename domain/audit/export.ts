/** How an exported audit trail is written: one line a row, for spreadsheets or for programs. */
export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
	csv: "text/csv; charset=utf-8",
	jsonl: "application/x-ndjson; charset=utf-8",
};

type Row = Readonly<Record<string, unknown>>;

const columns = [
	"id",
	"at",
	"actorKind",
	"actorId",
	"actor",
	"action",
	"subjectKind",
	"subject",
	"summary",
	"data",
	"previous",
	"hash",
] as const;

/** Before the first row. */
export function exportHead(format: ExportFormat): string {
	return format === "csv" ? `${columns.join(",")}\r\n` : "";
}

export function exportLine(format: ExportFormat, row: Row): string {
	if (format === "jsonl") return `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name]])))}\n`;
	return `${columns.map((name) => csvCell(textOf(row[name]))).join(",")}\r\n`;
}

function textOf(value: unknown): string {
	if (value === null || value === undefined) return "";
	if (value instanceof Date) return value.toISOString();
	return typeof value === "string" ? value : JSON.stringify(value);
}

/** RFC 4180. A cell that a spreadsheet would calculate is made text, as names and e-mail addresses come from anybody. */
function csvCell(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
