/**
 * `npm run answers`: writes server/rest/answers.json, the JSON Schemas of what procedures answer, from the types in
 * answers.ts. TypeScript 7 has no API to read types with, so the generator brings the compiler before it.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const folder = fileURLToPath(new URL(".", import.meta.url));
export const answersFile = `${folder}answers.json`;

/** The file's text: each procedure's schema, and the views they share. */
export function answersText(): string {
	const { properties, definitions } = createGenerator({
		path: `${folder}answers.ts`,
		tsconfig: `${folder}answers.tsconfig.json`,
		type: "Answers",
		expose: "export",
		topRef: false,
		skipTypeCheck: true,
		// What is added later breaks no reader.
		additionalProperties: true,
	}).createSchema("Answers");
	// OpenAPI keeps what is shared in a place of its own.
	const text = JSON.stringify({ answers: properties, views: definitions }, null, "\t");
	return `${text.replaceAll('"#/definitions/', '"#/components/schemas/')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(answersFile, answersText());
