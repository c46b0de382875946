import { expect, test } from "vitest";
import { commandOf, importCommandOf } from "./command";

const base = { title: "", hint: "", isRequired: true };
const text = { ...base, type: "string", minLength: 0, maxLength: 9, pattern: null, choices: null } as const;
const fields = [
	{ ...text, key: "name", default: null },
	{ ...text, key: "owner", default: null },
	{ ...base, key: "port", type: "integer", default: 8080, minimum: 1, maximum: 9 },
] as const;

test("the command says what differs from the defaults, and a shell reads it as it was typed", () => {
	const values = { name: "orders", owner: "Mei's team", port: 8080 };
	expect(commandOf({ name: "typescript-http", fields }, values)).toBe(
		`./sluice create typescript-http --name orders --set 'owner=Mei'\\''s team' --watch`,
	);
	expect(commandOf({ name: "t", fields }, { name: "orders", owner: "shop", port: 80 })).toBe(
		"./sluice create t --name orders --set owner=shop --set port=80 --watch",
	);
});

test("the command of an import says what was answered", () => {
	expect(importCommandOf("orders", {})).toBe("./sluice import orders");
	expect(importCommandOf("orders", { port: "8080", owner: "Mei's team" })).toBe(
		`./sluice import orders --set port=8080 --set 'owner=Mei'\\''s team'`,
	);
});
