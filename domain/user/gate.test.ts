import { expect, test } from "vitest";
import { whyNotDisable, whyNotEnable, whyNotSetRole } from "./gate";

const mei = { id: "mei", name: "mei", role: "admin", isDisabled: false } as const;
const ada = { id: "ada", name: "ada", role: "developer", isDisabled: false } as const;

test("nobody changes their own role or disables themselves", () => {
	expect(whyNotSetRole(mei, mei, "viewer", { administrators: 3 })).toContain("own role");
	expect(whyNotDisable(mei, mei, { administrators: 3 })).toContain("themselves");
});

test("the last administrator stays one, also against a token's word; with another one they may go", () => {
	expect(whyNotSetRole(ada, mei, "operator", { administrators: 0 })).toContain("last administrator");
	expect(whyNotDisable(ada, mei, { administrators: 0 })).toContain("last administrator");
	expect(whyNotSetRole(ada, mei, "operator", { administrators: 1 })).toBeNull();
	expect(whyNotDisable(ada, mei, { administrators: 1 })).toBeNull();
});

test("what is so already is said, not done again", () => {
	expect(whyNotSetRole(mei, ada, "developer", { administrators: 0 })).toContain("developer already");
	expect(whyNotDisable(mei, { ...ada, isDisabled: true }, { administrators: 1 })).toContain("disabled already");
	expect(whyNotEnable(ada)).toContain("not disabled");
	expect(whyNotEnable({ ...ada, isDisabled: true })).toBeNull();
});
