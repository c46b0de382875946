import type { SourceFile } from "@/domain/import/model";

/** No file that describes a service is nearly as large; parsers need time for each byte. */
export const largestBytes = 64 * 1024;

/** Why a file is not read, as a sentence; null = it is text of a usual size. */
export function whyNotReadable({ path, text }: SourceFile): string | null {
	if (text.length > largestBytes) return `${path} is larger than ${largestBytes / 1024} kB and was not read.`;
	if (text.includes("\0") || text.includes("\uFFFD")) return `${path} is not text and was not read.`;
	return null;
}
