import { describe, expect, it } from "vitest";
import { AppError } from "@/domain/errors";
import { hasProblem, ok, problemIn, refusal } from "./check";
import {
	judgeClock,
	judgeLeftovers,
	judgeNetwork,
	judgePrograms,
	judgeSecrets,
	judgeSetup,
	judgeSpace,
	type SetupFacts,
} from "./judge";
import { proxyOf } from "./network";

describe("a check", () => {
	it("says what is so and what mends it, from the sentence `up` refuses with", async () => {
		const check = await refusal("port", "", () => {
			throw new AppError("conflict", "Port 7400, which the portal needs, is taken by nc (process 12): end it.");
		});
		expect(check).toEqual({
			name: "port",
			verdict: "problem",
			found: "Port 7400, which the portal needs, is taken by nc (process 12).",
			mend: "End it.",
		});
		expect(hasProblem([ok("root", ""), check])).toBe(true);
		expect(problemIn("x", "no colon").mend).not.toBe(null);
	});

	it("hides no defect of ours as a problem of the machine", async () => {
		const broken = refusal("port", "", () => {
			throw new TypeError("undefined is not a function");
		});
		await expect(broken).rejects.toThrow(TypeError);
	});
});

describe("the disk", () => {
	it("is warned of below 5 GB, on whichever of both it is", () => {
		const space = (bytes: number) => [
			{ folder: "/srv", bytes: 9e9 },
			{ folder: "/var/lib", bytes },
		];
		expect(judgeSpace(space(5e9)).verdict).toBe("ok");
		expect(judgeSpace(space(4.9e9))).toMatchObject({ verdict: "warning", found: expect.stringContaining("4.9 GB") });
	});
});

describe("secrets", () => {
	const file = { file: "/s/ca-key.pem", mode: 0o100600, uid: 0 };
	it("that others can read are a problem with its chmod", () => {
		expect(judgeSecrets([file], 0).verdict).toBe("ok");
		for (const mode of [0o100640, 0o100604, 0o100610])
			expect(judgeSecrets([file, { ...file, mode }], 0)).toMatchObject({
				verdict: "problem",
				mend: expect.stringContaining("chmod"),
			});
	});
	it("of another user are one, too", () => {
		expect(judgeSecrets([{ ...file, uid: 1000 }], 0).mend).toContain("chown");
	});
});

describe("the clock", () => {
	const at = (offMs: number, roundTripMs = 0) =>
		judgeClock({ machineMs: 1e12 + offMs, otherMs: 1e12, roundTripMs, source: "registry.example" });
	it("may be off by a few seconds, and by as long as the answer took", () => {
		expect([at(0), at(5_000), at(-5_000), at(8_000, 4_000)].map(({ verdict }) => verdict)).toEqual(["ok", "ok", "ok", "ok"]);
	});
	it("that is an hour off, either way, is a problem that says which way", () => {
		expect(at(3_600_000)).toMatchObject({
			verdict: "problem",
			found: expect.stringContaining("3600 s ahead of registry.example"),
		});
		expect(at(-3_600_000).found).toContain("behind");
		expect(at(20_000).verdict).toBe("warning");
	});
	it("that nobody can be asked about is said to be unknown, never well", () => {
		expect(judgeClock(null).verdict).toBe("warning");
	});
});

describe("programs", () => {
	const program = { name: "Envoy", folder: "/c/envoy", state: "whole", failure: null } as const;
	it("that are whole or still to come are well", () => {
		expect(judgePrograms([program]).verdict).toBe("ok");
		expect(judgePrograms([{ ...program, state: "absent" }]).found).toContain("Envoy");
	});
	it("that were corrupt are told of, and are a problem when they cannot be fetched again", () => {
		expect(judgePrograms([{ ...program, state: "corrupt" }])).toMatchObject({ verdict: "warning" });
		expect(judgePrograms([program, { ...program, state: "corrupt", failure: "no route" }])).toMatchObject({
			verdict: "problem",
			found: expect.stringContaining("no route"),
		});
	});
});

describe("the network", () => {
	const answers = [
		{ client: "npm", place: "one.example", failure: null },
		{ client: "pip", place: "two.example", failure: "ENOTFOUND" },
	];
	it("is a problem only while something is still to be fetched", () => {
		expect(judgeNetwork(answers, true).verdict).toBe("problem");
		expect(judgeNetwork(answers, false).verdict).toBe("warning");
		expect(judgeNetwork(answers.slice(0, 1), true).verdict).toBe("ok");
	});
	it("is asked as the clients do: by the proxy, but where the exceptions say otherwise", () => {
		const environment = { https_proxy: "http://proxy.example:3128", no_proxy: "localhost,.inner.example" };
		expect(proxyOf("https://one.example", environment)?.host).toBe("proxy.example:3128");
		expect(proxyOf("https://a.inner.example", environment)).toBe(null);
		expect(proxyOf("http://one.example", environment)).toBe(null);
		expect(proxyOf("https://one.example", {})).toBe(null);
	});
});

describe("a set-up", () => {
	const down: SetupFacts = {
		...{ hasInstallation: true, wasUp: true, isSupervised: false, unwatched: [] },
		...{ worker: null, isRestoring: false },
	};
	it("is well when it is down, up, not there, or under way", () => {
		for (const facts of [down, { ...down, isSupervised: true }, { ...down, hasInstallation: false }, { ...down, worker: "12" }])
			expect(judgeSetup(facts).verdict).toBe("ok");
	});
	it("that was killed is told of with the way on", () => {
		expect(judgeSetup({ ...down, wasUp: false })).toMatchObject({
			verdict: "warning",
			mend: expect.stringContaining("sluice up"),
		});
		expect(judgeSetup({ ...down, unwatched: ["postgres"] })).toMatchObject({ verdict: "problem" });
		expect(judgeSetup({ ...down, isRestoring: true })).toMatchObject({ verdict: "problem" });
	});
	it("leaves half-made files that are named with their rm", () => {
		expect(judgeLeftovers([]).verdict).toBe("ok");
		expect(judgeLeftovers(["/c/.envoy-x"]).mend).toContain("rm -rf /c/.envoy-x");
	});
});
