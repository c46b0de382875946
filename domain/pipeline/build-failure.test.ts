import { expect, test } from "vitest";
import { explainBuildFailure } from "./build-failure";

const dockerfile = {
	file: "Dockerfile",
	text: "FROM a AS base\n# why\nRUN --mount=type=cache,target=/x \\\n    npm ci && \\\n    false\nCOPY missing ./\n",
};

test("a failing instruction is named with its line and its last words", () => {
	const output = [
		"#5 [base 2/3] RUN --mount=type=cache,target=/x     npm ci &&     false",
		"#5 sha256:aa",
		"#5 0.313 npm error code E404",
		"#5 0.400 npm error 404 Not Found",
		"#5 ERROR: executor failed running [/bin/sh -c npm ci &&     false]: exit code: 1",
		"------",
		"executor failed running [/bin/sh -c npm ci]: exit code: 1",
	].join("\n");
	expect(explainBuildFailure(output, dockerfile)).toBe(
		"Dockerfile:3: RUN --mount=type=cache,target=/x npm ci && false: exit code 1\nnpm error code E404\nnpm error 404 Not Found",
	);
});

test("an unknown instruction is reported at its line", () => {
	const output =
		"failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 4: unknown instruction: RUNN";
	expect(explainBuildFailure(output, dockerfile)).toBe("Dockerfile:4: unknown instruction: RUNN");
});

test("a file that is not there is reported at the line that copies it", () => {
	const output = [
		"#7 [base 3/3] COPY missing ./",
		"#7 ERROR: failed to compute cache key: failed to walk /x/missing: lstat /x/missing: no such file or directory",
	].join("\n");
	expect(explainBuildFailure(output, dockerfile)).toMatch(/^Dockerfile:6: COPY missing \.\/: failed to compute cache key/);
});

test("anything else is the builder's last sentence, without its prefixes", () => {
	const output =
		"x\nfailed to solve with frontend dockerfile.v0: failed to create LLB definition: target stage nope could not be found\n";
	expect(explainBuildFailure(output, dockerfile)).toBe(
		"Dockerfile: failed to create LLB definition: target stage nope could not be found",
	);
});

test("the exit code of a script of several lines is told", () => {
	const output =
		"#5 [2/2] RUN <<EOF\n#5 0.312 why\n#5 ERROR: executor failed running [/bin/sh -c echo why\nexit 3\n]: exit code: 3\n";
	const text = "FROM a\n\nRUN <<EOF\necho why\nexit 3\nEOF\n";
	expect(explainBuildFailure(output, { file: "Dockerfile", text })).toBe("Dockerfile:3: RUN <<EOF: exit code 3\nwhy");
});
