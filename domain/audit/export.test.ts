import { expect, test } from "vitest";
import { exportHead, exportLine } from "@/domain/audit/export";

const row = {
	id: "7",
	at: new Date(0),
	actorKind: "user",
	actorId: "u",
	actor: '=HYPERLINK("http://x")',
	action: "host.join",
	subjectKind: "host",
	subject: "h1",
	summary: "two\nlines, and a comma",
	data: { roles: ["node"] },
	previous: null,
	hash: "ab",
	more: "is not exported",
};

test("CSV as RFC 4180 has it, and no cell that a spreadsheet would calculate", () => {
	expect(exportHead("csv")).toBe("id,at,actorKind,actorId,actor,action,subjectKind,subject,summary,data,previous,hash\r\n");
	expect(exportLine("csv", row)).toBe(
		`7,1970-01-01T00:00:00.000Z,user,u,"'=HYPERLINK(""http://x"")",host.join,host,h1,"two\nlines, and a comma","{""roles"":[""node""]}",,ab\r\n`,
	);
});

test("JSON lines: one object a line, whatever a row says", () => {
	expect(exportHead("jsonl")).toBe("");
	const line = exportLine("jsonl", row);
	expect(line.split("\n")).toHaveLength(2);
	expect(JSON.parse(line)).toEqual({ ...row, at: "1970-01-01T00:00:00.000Z", more: undefined });
});
