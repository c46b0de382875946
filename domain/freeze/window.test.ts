import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frozenSentence, whyFrozen, whyNotOverride } from "@/domain/freeze/gate";
import { isTimeZone, momentsOf, readMoment, wallText } from "@/domain/freeze/wall-clock";
import { parseWeekly, weekdays, weeklyText } from "@/domain/freeze/weekly";
import { activeFreeze, concerns, type Freeze, holdsAt, windowAt } from "@/domain/freeze/window";

const berlin = "Europe/Berlin";

function weekly(text: string, zone = berlin): Freeze {
	const span = parseWeekly(text);
	if (!span) throw new Error(`${text} is no span`);
	const time = { kind: "weekly", span } as const;
	return { id: text, environment: "production", service: null, time, zone, reason: "weekend", createdBy: "mei" };
}

function holds(freeze: Freeze, at: string): boolean {
	return holdsAt(windowAt(freeze, new Date(at)), new Date(at));
}

function told(freeze: Freeze, at: string): string[] {
	const window = windowAt(freeze, new Date(at));
	return window ? [window.from.toISOString(), window.until.toISOString()] : [];
}

describe("a weekly span", () => {
	it("is read as it is written, and always is none", () => {
		expect(weeklyText(parseWeekly("Fri 18:00-mon 8:00") ?? parse())).toBe("fri 18:00 - mon 08:00");
		expect(["fri 18:00", "fri 24:00 - mon 08:00", "friday 18:00 - mon 08:00", "mon 08:00 - mon 08:00"].map(parseWeekly)).toEqual([
			null,
			null,
			null,
			null,
		]);
	});

	it("goes over the end of the week, and the border belongs to what comes after", () => {
		const weekend = weekly("fri 18:00 - mon 08:00");
		expect(holds(weekend, "2026-11-27T16:59:59Z")).toBe(false);
		expect(holds(weekend, "2026-11-27T17:00:00Z")).toBe(true);
		expect(holds(weekend, "2026-11-29T23:30:00Z")).toBe(true);
		expect(holds(weekend, "2026-11-30T06:59:59Z")).toBe(true);
		expect(holds(weekend, "2026-11-30T07:00:00Z")).toBe(false);
		expect(told(weekend, "2026-11-30T07:00:00Z")).toEqual(["2026-12-04T17:00:00.000Z", "2026-12-07T07:00:00.000Z"]);
	});

	it("of one day that ends before it begins lasts nearly a week", () => {
		const most = weekly("tue 10:00 - tue 09:00", "UTC");
		expect(holds(most, "2026-11-24T09:30:00Z")).toBe(false);
		expect(holds(most, "2026-11-24T10:00:00Z")).toBe(true);
		expect(holds(most, "2026-11-24T08:59:00Z")).toBe(true);
	});

	it("follows the wall's clock over its changes", () => {
		const weekend = weekly("fri 18:00 - mon 08:00");
		// Summer ends on 25 October 2026 at 3:00: this weekend is an hour longer.
		expect(told(weekend, "2026-10-24T12:00:00Z")).toEqual(["2026-10-23T16:00:00.000Z", "2026-10-26T07:00:00.000Z"]);
		// Summer begins on 28 March 2027 at 2:00: this one is an hour shorter.
		expect(told(weekend, "2027-03-27T12:00:00Z")).toEqual(["2027-03-26T17:00:00.000Z", "2027-03-29T06:00:00.000Z"]);
	});

	it("that ends in the hour shown twice ends the second time, one that begins there begins the first time", () => {
		expect(told(weekly("sat 12:00 - sun 02:30"), "2026-10-24T12:00:00Z")[1]).toBe("2026-10-25T01:30:00.000Z");
		expect(told(weekly("sun 02:30 - sun 12:00"), "2026-10-25T00:45:00Z")[0]).toBe("2026-10-25T00:30:00.000Z");
	});

	it("that begins or ends in the hour that is skipped is no shorter for it", () => {
		expect(told(weekly("sat 12:00 - sun 02:30"), "2027-03-27T12:00:00Z")[1]).toBe("2027-03-28T01:30:00.000Z");
		expect(told(weekly("sun 02:30 - sun 12:00"), "2027-03-28T01:00:00Z")[0]).toBe("2027-03-28T00:30:00.000Z");
	});

	it("comes every week, in every zone: what holds is a window around now, what does not is one ahead, within eight days", () => {
		const minute = fc.integer({ min: 0, max: 1439 });
		const span = fc
			.record({
				startDay: fc.constantFrom(...weekdays),
				startMinute: minute,
				endDay: fc.constantFrom(...weekdays),
				endMinute: minute,
			})
			.filter((one) => one.startDay !== one.endDay || one.startMinute !== one.endMinute);
		const zone = fc.constantFrom("UTC", berlin, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia");
		const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
		fc.assert(
			fc.property(span, zone, at, (one, where, ms) => {
				const now = new Date(ms);
				const window = windowAt({ time: { kind: "weekly", span: one }, zone: where }, now);
				expect(window).not.toBeNull();
				if (!window) return;
				expect(window.from < window.until && now < window.until).toBe(true);
				expect(window.from.getTime() - ms).toBeLessThan(8 * 86_400_000);
			}),
			{ numRuns: 2_000 },
		);
	});
});

function parse(): never {
	throw new Error("not read");
}

describe("a freeze", () => {
	const once: Freeze = {
		...weekly("fri 18:00 - mon 08:00"),
		id: "once",
		time: { kind: "once", from: new Date("2026-12-23T17:00:00Z"), until: new Date("2027-01-04T07:00:00Z") },
		reason: "the year ends.",
	};

	it("that is over is no more; one that comes is told", () => {
		expect(windowAt(once, new Date("2027-01-04T07:00:00Z"))).toBeNull();
		expect(told(once, "2026-11-01T00:00:00Z")[0]).toBe("2026-12-23T17:00:00.000Z");
		expect(holds(once, "2026-11-01T00:00:00Z")).toBe(false);
	});

	it("of several the longest is told, with until when and why", () => {
		const now = new Date("2026-12-26T12:00:00Z");
		const active = activeFreeze([weekly("fri 18:00 - mon 08:00"), once], now);
		expect(active?.id).toBe("once");
		expect(active && frozenSentence(active)).toBe("production is frozen until 2027-01-04 08:00 (Europe/Berlin): the year ends.");
		expect(activeFreeze([once], new Date("2026-11-01T00:00:00Z"))).toBeNull();
		expect(active && whyFrozen(active)).toContain("an administrator can override it with a reason");
	});

	it("concerns one service, or all, and no other environment", () => {
		const ofOne = { environment: "production", service: "orders" };
		expect([concerns(ofOne, "orders", "production"), concerns(ofOne, "cart", "production")]).toEqual([true, false]);
		expect([concerns(once, "cart", "production"), concerns(once, "cart", "staging")]).toEqual([true, false]);
	});

	it("is overridden by an administrator only, with a token only with the scope admin", () => {
		expect(whyNotOverride({ name: "ada", role: "operator" })).toContain("needs the role admin; ada is operator");
		expect(whyNotOverride({ name: "ada", role: "admin" })).toBeNull();
		const token = (scopes: ("deploy" | "admin")[] | null) => ({
			id: "t",
			limits: { scopes, services: null, environments: null },
		});
		expect(whyNotOverride({ name: "ci", role: "admin", token: token(["deploy"]) })).toContain("the scope admin");
		expect(whyNotOverride({ name: "ci", role: "admin", token: token(["deploy", "admin"]) })).toBeNull();
		expect(whyNotOverride({ name: "ci", role: "admin", token: token(null) })).toBeNull();
	});
});

describe("a moment as it is written", () => {
	it("is the wall's, or has a zone of its own; what is no date is none", () => {
		expect(readMoment("2026-12-24T18:00", berlin, "earliest")?.toISOString()).toBe("2026-12-24T17:00:00.000Z");
		expect(readMoment("2026-12-24 18:00+08:00", berlin, "earliest")?.toISOString()).toBe("2026-12-24T10:00:00.000Z");
		expect(readMoment("2026-12-24T18:00:00.000Z", berlin, "earliest")?.toISOString()).toBe("2026-12-24T18:00:00.000Z");
		expect(
			["2026-02-30T10:00", "2026-12-24", "tomorrow", "2026-12-24T25:00"].map((text) => readMoment(text, berlin, "latest")),
		).toEqual([null, null, null, null]);
	});

	it("is shown as it was written, but in hours that are skipped", () => {
		expect([isTimeZone(berlin), isTimeZone("Europe/Nowhere"), isTimeZone("")]).toEqual([true, false, false]);
		const { earliest, latest } = momentsOf(berlin, { year: 2026, month: 10, day: 25, minute: 150 });
		expect([latest - earliest, wallText(berlin, earliest), wallText(berlin, latest)]).toEqual([
			3_600_000,
			"2026-10-25 02:30",
			"2026-10-25 02:30",
		]);
	});
});
