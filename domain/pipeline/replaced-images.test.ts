import { expect, test } from "vitest";
import { namedImages } from "@/domain/pipeline/named-images";
import { withReplacements, withWrittenLines } from "@/domain/pipeline/replaced-images";

const dockerfile = `# syntax=a
ARG TAG=1.22
FROM --platform=$BUILDPLATFORM golang:\${TAG} AS build
RUN echo golang:1.22
FROM gcr.io/distroless/static:nonroot \\
  AS final
COPY --from=build /a /a
COPY --from=golang:1.22 /b /b
CMD ["/a"]
`;

function replacements() {
	const instead: Record<string, { reference: string; sets: string[] }> = {
		"golang:1.22": { reference: "sluice/base-go:x", sets: [] },
		"gcr.io/distroless/static:nonroot": { reference: "sluice/base-debian:y", sets: ["USER nonroot"] },
	};
	return namedImages(dockerfile).flatMap((image) => {
		const found = instead[image.reference];
		return found ? [{ image, ...found }] : [];
	});
}

test("each place of a replaced image is another, and nothing else", () => {
	expect(withReplacements(dockerfile, replacements())).toBe(`# syntax=a
ARG TAG=1.22
FROM --platform=$BUILDPLATFORM sluice/base-go:x AS build
RUN echo golang:1.22
FROM sluice/base-debian:y \\
  AS final
USER nonroot
COPY --from=build /a /a
COPY --from=sluice/base-go:x /b /b
CMD ["/a"]
`);
	expect(withReplacements(dockerfile, [])).toBe(dockerfile);
});

test("a line that BuildKit names is told as it was written", () => {
	const lines = (line: number) =>
		withWrittenLines(`dockerfile parse error line ${line}: x`, dockerfile, replacements()).replace(/\D+/g, "");
	expect([3, 6, 8, 10].map(lines)).toEqual(["3", "6", "7", "9"]);
});
