import { expect, test } from "vitest";
import { forOlderFrontEnd, isOlderEngine, olderSentence, withWrittenInstructions } from "@/domain/pipeline/older-front-end";

const older = (lines: readonly string[]) => forOlderFrontEnd(lines.join("\n"), "files:1");
const refusals = (lines: readonly string[]) => older(lines).refusals.map(({ line, reason }) => `${line}: ${reason}`);

test.each<[string, string[], string[]]>([
	[
		"nothing new in it",
		["FROM a", "RUN x \\", "  # why", "  && y", "COPY a b"],
		["FROM a", "RUN x \\", "  # why", "  && y", "COPY a b"],
	],
	[
		"a script",
		["FROM a", "RUN <<EOF", "set -e", 'echo "$HOME" > /x', "EOF", "RUN y"],
		["FROM a", 'RUN ["/bin/sh","-c","set -e\\necho \\"$HOME\\" > /x\\n"]', "", "", "", "RUN y"],
	],
	[
		"a script behind mounts",
		["FROM a", "RUN --mount=type=cache,target=/c \\", "  <<-EOF", "\tx", "\tEOF"],
		["FROM a", 'RUN --mount=type=cache,target=/c ["/bin/sh","-c","x\\n"]', "", "", ""],
	],
	[
		"a script for a program",
		["FROM a", "RUN python3 <<EOF && ls", "print(1)", "EOF"],
		["FROM a", 'RUN ["/bin/sh","-c","python3 <<EOF && ls\\nprint(1)\\nEOF"]', "", ""],
	],
	[
		"a shell of its own, also in a stage that begins with it",
		["FROM a AS b", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]', "FROM B", "RUN <<EOF", "x", "EOF"],
		[
			"FROM a AS b",
			'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
			"FROM B",
			'RUN ["/bin/bash","-o","pipefail","-c","x\\n"]',
			"",
			"",
		],
	],
	[
		"a script that names its program",
		["FROM a", "RUN <<EOF", "#!/usr/bin/env python3", "EOF"],
		["FROM a", 'RUN --mount=type=bind,from=files:1,target=/dev/pipes ["/dev/pipes/2/EOF"]', "", ""],
	],
	[
		"a file",
		["FROM a", 'COPY --link --chown=1:1 <<"EOF" /etc/x', "$HOME", "EOF"],
		["FROM a", "COPY --from=files:1 --chown=1:1 /2/EOF /etc/x", "", ""],
	],
	[
		"files beside others",
		["FROM a", "COPY <<one <<two three /etc/", "1", "one", "2", "two"],
		["FROM a", "COPY --from=files:1 /2/one /2/two /etc/", "COPY three /etc/", "", "", ""],
	],
	[
		"a link",
		["FROM a", "COPY --link --from=0 /x /y", "ADD --chmod=755 --link=true \\", "  a b"],
		["FROM a", "COPY --from=0 /x /y", "ADD --chmod=755 \\", "  a b"],
	],
	["a heredoc without an end", ["FROM a", "RUN <<EOF", "x"], ["FROM a", "RUN <<EOF", "x"]],
	[
		"a shift and a here-string",
		["FROM a", "RUN echo $((1 << 2)) && cat <<< b", "x"],
		["FROM a", "RUN echo $((1 << 2)) && cat <<< b", "x"],
	],
	[
		"another escape",
		["# escape=`", "FROM a", "COPY --link `", "  a b", "RUN <<EOF", "\\", "EOF"],
		["# escape=`", "FROM a", "COPY `", "  a b", 'RUN ["/bin/sh","-c","\\\\\\n"]', "", ""],
	],
])("a Dockerfile with %s says the same to an older BuildKit, line for line", (_, lines, expected) => {
	expect(older(lines).text.split("\n")).toEqual(expected);
});

test("a file's variables are those of the Dockerfile, and of the stage that its own begins with", () => {
	const { files, refusals: none } = older([
		"ARG PORT=80",
		"FROM a AS b",
		"ENV HOME_OF=/srv NAME='it is'",
		"FROM b",
		"ARG PORT",
		"COPY <<EOF /etc/x",
		`listen $PORT $\{HOME_OF}/www $\{NAME} $\{OTHER:-none} \\$uri`,
		"EOF",
	]);
	expect(none).toEqual([]);
	expect(files).toEqual([{ path: "6/EOF", text: "listen 80 /srv/www it is none $uri\n", isProgram: false }]);
});

test("a script that names its program is a file that can be run", () => {
	expect(older(["FROM a", "RUN <<EOF", "#!/bin/sh", "x", "EOF"]).files).toEqual([
		{ path: "2/EOF", text: "#!/bin/sh\nx\n", isProgram: true },
	]);
});

test("what an older BuildKit cannot do is refused with its line, and what to do", () => {
	const file = (text: string, word = "<<EOF") => ["FROM a", `COPY ${word} /x`, text, "EOF"];
	expect(refusals(file("$PATH"))[0]).toContain(
		'2: the heredoc <<EOF has $PATH, which the Dockerfile itself does not set: write <<"EOF"',
	);
	expect(refusals(file(`$\{PATH#/}`))).toHaveLength(1);
	expect(refusals(file("location ~ \\.php$"))[0]).toContain("has a backslash");
	expect(refusals(file("$PATH \\.php$", "<<'EOF'"))).toEqual([]);
	expect(refusals(["FROM a", "RUN <<EOF", "echo $PATH \\.", "EOF"])).toEqual([]);
	expect(refusals(["FROM a", "COPY --parents a b", "RUN --network=none x", "RUN --mount=type=secret,id=a,env=A x"])).toEqual([
		"2: COPY --parents needs Dockerfile 1.20",
		"3: RUN --network=none needs Dockerfile 1.3",
		"4: RUN --mount=type=secret,id=a,env=A needs Dockerfile 1.10",
	]);
	const sentence = olderSentence("deploy/Dockerfile", [{ line: 2, reason: "COPY --parents needs Dockerfile 1.20" }], "20.10.24");
	expect(sentence).toMatch(
		/^deploy\/Dockerfile:2: COPY --parents needs Dockerfile 1\.20\.\n[\s\S]*Docker 20\.10\.24[\s\S]*Docker 23 or later/,
	);
});

test("what BuildKit says of an instruction names it as it was written", () => {
	const made = older(["FROM a", "RUN --mount=type=cache,target=/c <<EOF", "x", "EOF"]);
	const said = '#5 [2/2] RUN --mount=type=cache,target=/c ["/bin/sh","-c","x\\n"]\n#5 ERROR: exit code: 1';
	expect(withWrittenInstructions(said, made)).toBe("#5 [2/2] RUN --mount=type=cache,target=/c <<EOF\n#5 ERROR: exit code: 1");
});

test.each([
	["20.10.24+dfsg1", true],
	["19.03.1", true],
	["23.0.0", false],
	["28.2.2", false],
	["none", false],
])("Docker %s has a front end older than heredocs: %s", (version, expected) => expect(isOlderEngine(version)).toBe(expected));
