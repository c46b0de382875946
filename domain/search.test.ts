import { expect, it } from "vitest";
import { likeAnywhere, searchWords } from "@/domain/search";

it("words are looked for in whatever case and order, and there are never too many", () => {
	expect(searchWords("  Shop\tTAKES ")).toEqual(["shop", "takes"]);
	expect(searchWords("")).toEqual([]);
	expect(searchWords("a ".repeat(100))).toHaveLength(10);
});

it("the signs of a pattern mean themselves", () => {
	expect(likeAnywhere("50%_a\\b")).toBe("%50\\%\\_a\\\\b%");
});
