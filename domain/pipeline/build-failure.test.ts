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

const gradle = { file: "Dockerfile", text: "FROM a\nCOPY . .\nRUN chmod +x gradlew && ./gradlew installDist\n" };
const failing = (instruction: string, ...lines: string[]) =>
	[
		`#9 [build 3/3] ${instruction}`,
		...lines.map((line, index) => `#9 1.${100 + index} ${line}`),
		"#9 ERROR: executor failed running [/bin/sh -c x]: exit code: 1",
	].join("\n");
const trace = Array.from({ length: 9 }, (_, index) => `\tat java.base/sun.net.www.http.HttpClient.x(HttpClient.java:${index})`);

test("a Gradle wrapper whose download did not answer is told as that, with the address and what to do", () => {
	const output = failing(
		"RUN chmod +x gradlew && ./gradlew installDist",
		"Downloading https://ann:hunter2@tools.example.com/distributions/gradle-8.7-bin.zip",
		"",
		'Exception in thread "main" java.net.UnknownHostException: tools.example.com',
		...trace,
		"\tat org.gradle.wrapper.Install.forceFetch(SourceFile:4)",
		"\tat org.gradle.wrapper.GradleWrapperMain.main(SourceFile:67)",
	);
	expect(explainBuildFailure(output, gradle)).toBe(
		"Dockerfile:3: gradlew could not download its own tool from https://tools.example.com/distributions/gradle-8.7-bin.zip (java.net.UnknownHostException: tools.example.com). Name a mirror that the build reaches as distributionUrl in gradle/wrapper/gradle-wrapper.properties, or put Gradle's zip beside that file and name it there.",
	);
	const slow = failing(
		"RUN chmod +x gradlew && ./gradlew installDist",
		"Downloading https://tools.example.com/distributions/gradle-8.7-bin.zip",
		'Exception in thread "main" java.io.IOException: Downloading from https://tools.example.com/distributions/gradle-8.7-bin.zip failed: timeout (10000ms)',
	);
	expect(explainBuildFailure(slow, gradle)).toContain("gradle-8.7-bin.zip (failed: timeout (10000ms)). Name a mirror");
});

test("a build that fails behind Gradle's download is told by its last words", () => {
	const output = failing(
		"RUN chmod +x gradlew && ./gradlew installDist",
		"Downloading https://tools.example.com/distributions/gradle-8.7-bin.zip",
		"...........10%...........100%",
		"FAILURE: Build failed with an exception.",
		"Could not resolve all files: java.net.UnknownHostException: repo.example.com",
	);
	expect(explainBuildFailure(output, gradle)).toMatch(/^Dockerfile:3: RUN chmod .*: exit code 1\nDownloading/);
	const unnamed = failing("RUN ./gradlew installDist", "\tat org.gradle.wrapper.Download.download(Download.java:1)");
	expect(explainBuildFailure(unnamed, gradle)).toContain(
		"gradlew could not download its own tool from its own site. Name a mirror",
	);
	const other = failing("RUN ./mvnw package", "\tat org.gradle.wrapper.Install.forceFetch(SourceFile:4)");
	expect(explainBuildFailure(other, gradle)).toContain("exit code 1");
});

test("a Maven wrapper whose download did not answer is told alike", () => {
	const address = "https://tools.example.com/apache-maven-3.9.6-bin.zip";
	const maven = { file: "Dockerfile", text: "FROM a\nRUN ./mvnw -q package\n" };
	expect(explainBuildFailure(failing("RUN ./mvnw -q package", `wget: Failed to fetch ${address}`), maven)).toMatch(
		new RegExp(`^Dockerfile:2: mvnw could not download its own tool from ${address}\\. Name a mirror`),
	);
});
