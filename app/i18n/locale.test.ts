import { describe, expect, it } from "vitest";
import { localeOf } from "./locale";

describe("the language of a page", () => {
	it("is the one that was chosen, whatever the browser asks", () => {
		expect(localeOf("zh", "en-GB,en;q=0.9")).toBe("zh");
		expect(localeOf("en", "zh-CN,zh;q=0.9")).toBe("en");
	});

	it("is else the browser's first that there is", () => {
		expect(localeOf(undefined, "zh-CN,zh;q=0.9,en;q=0.8")).toBe("zh");
		expect(localeOf(undefined, "en-US,en;q=0.9,zh-CN;q=0.8")).toBe("en");
		expect(localeOf(undefined, "en;q=0.5, zh-Hans-CN;q=0.7")).toBe("zh");
		expect(localeOf(undefined, "de-DE,de;q=0.9,zh;q=0.3")).toBe("zh");
	});

	it("is never one that the browser refuses", () => {
		expect(localeOf(undefined, "zh;q=0,de")).toBe("en");
	});

	it("is English when neither says anything that can be understood", () => {
		expect(localeOf(undefined, null)).toBe("en");
		expect(localeOf("tlh", "")).toBe("en");
		expect(localeOf(undefined, ";;q=,*;q=x,fr")).toBe("en");
	});
});
