import { expect, test } from "vitest";
import { withRemoteMessage } from "./side-band";

test("a message is put before the last flush of a side-band answer", () => {
	const answer = Buffer.from("000a\u0001hello0000");
	expect(withRemoteMessage(answer, "pipeline 1").toString()).toBe("000a\u0001hello0010\u0002pipeline 1\n0000");
});

test("an answer in another form is left alone", () => {
	for (const text of ["000eunpack ok\n0000", "", "0000", "000a\u0001hello"]) {
		expect(withRemoteMessage(Buffer.from(text), "x").toString()).toBe(text);
	}
});
