import { expect, test } from "vitest";
import { invitationState, whyNotAccept } from "./invitation";

const now = new Date("2026-03-08T12:00:00Z");
const open = { expiresAt: new Date("2026-03-09T12:00:00Z"), usedAt: null, revokedAt: null };

test("an invitation lets in once, while it is young and not taken back; else it says why not", () => {
	expect(whyNotAccept(open, now)).toBeNull();
	expect(whyNotAccept(null, now)).toContain("not known");
	expect(whyNotAccept({ ...open, usedAt: now }, now)).toContain("used already");
	expect(whyNotAccept({ ...open, revokedAt: now }, now)).toContain("taken back");
	expect(whyNotAccept({ ...open, expiresAt: now }, now)).toContain("older than 7 days");
});

test("a used one stays used, whatever came later", () => {
	expect(invitationState({ usedAt: now, revokedAt: now, expiresAt: now }, now)).toBe("used");
});
