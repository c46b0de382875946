import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineTimeOf } from "@/domain/instance-log/model";
import { type CountedLine, LineCounter, type LogPosition } from "./counter";
import { type Frame, FrameParser } from "./frames";

const start = 1_795_000_000_000;

function frame(atMs: number, text: string | Buffer, stream: Frame["stream"] = "out"): Frame {
	return { stream, payload: Buffer.concat([Buffer.from(`${lineTimeOf(atMs)} `), Buffer.from(text)]) };
}

function wire({ stream, payload }: Frame): Buffer {
	const head = Buffer.alloc(8);
	head[0] = stream === "err" ? 2 : 1;
	head.writeUInt32BE(payload.length, 4);
	return Buffer.concat([head, payload]);
}

/** What Docker has of the container, asked from a position on. */
function read(file: readonly Frame[], position: LogPosition | null, mayRewind = false): CountedLine[] {
	const counter = new LineCounter(position, mayRewind);
	const since = position?.since ?? "";
	const given = file.filter(({ payload }) => payload.toString("latin1", 0, 30) >= since);
	return [...given.flatMap((one) => counter.push(one)), ...counter.settle()];
}

const texts = (lines: readonly CountedLine[]) => lines.map(({ line }) => line.text);
const shown = (lines: readonly CountedLine[]) => lines.map(({ line }) => `${line.number} ${line.stream} ${line.text}`);

describe("frames", () => {
	it("come out whole, wherever the stream was cut", () => {
		const frames = [frame(start, "a\n"), frame(start, "b\n", "err"), frame(start, "\n")];
		const bytes = Buffer.concat(frames.map(wire));
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(bytes.length)), (cuts) => {
				const parser = new FrameParser();
				const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
				const found = ends.slice(1).flatMap((end, index) => parser.push(bytes.subarray(ends[index], end)));
				expect(found.map(({ stream, payload }) => [stream, payload.toString()])).toEqual(
					frames.map(({ stream, payload }) => [stream, payload.toString()]),
				);
			}),
		);
	});

	it("that are none are told, and so are the engine's own words", () => {
		expect(() => new FrameParser().push(Buffer.from("plain text"))).toThrow(/no log/);
		expect(() => new FrameParser().push(Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 4]), Buffer.from("gone")]))).toThrow(
			"gone",
		);
	});
});

describe("lines of a container", () => {
	it("are read on from any position: none twice, none lost, always with the same number", () => {
		const file = fc.array(
			fc.record({ step: fc.nat(2), stream: fc.constantFrom("out" as const, "err" as const), isWhole: fc.boolean() }),
		);
		fc.assert(
			fc.property(file, (steps) => {
				let now = start;
				const open = new Map<string, number>();
				const frames = steps.map(({ step, stream, isWhole }, index) => {
					now += step;
					// All pieces of a line have the time of its first.
					const time = open.get(stream) ?? now;
					if (isWhole) open.delete(stream);
					else open.set(stream, time);
					return frame(time, `${index}${isWhole ? "\n" : ""}`, stream);
				});
				const all = read(frames, null);
				for (const [index, { position }] of all.entries()) expect(read(frames, position)).toEqual(all.slice(index + 1));
			}),
		);
	});

	it("are read on after the host's clock went back", () => {
		const file = [0, 10, 20, 5, 6, 7].map((ms) => frame(start + ms, `at ${ms}\n`));
		const all = read(file, null);
		const [, , third, fourth, fifth] = all;
		expect(third && fourth && fifth).toBeTruthy();
		if (!fourth || !fifth) return;
		expect(fifth.position.newest > fifth.position.since).toBe(true);
		expect(texts(read(file, fourth.position, true))).toEqual(["at 6", "at 7"]);
		expect(texts(read(file, fifth.position, true))).toEqual(["at 7"]);
	});

	it("that the engine lost are told as lost", () => {
		const file = Array.from({ length: 6 }, (_, index) => frame(start + index, `${index}\n`));
		const position = read(file, null)[1]?.position ?? null;
		const rotated = read(file.slice(4), position);
		expect(shown(rotated)).toEqual([
			"3 note [Sluice lost lines here: the engine no longer had them when they could be sent]",
			"4 out 4",
			"5 out 5",
		]);
		// Taken up to the sentence only: what follows has the same numbers.
		expect(shown(read(file.slice(4), position))).toEqual(shown(rotated));
	});

	it("that were never ended are lines when the next begins, or the container has stopped", () => {
		const file = [frame(start, "no end"), frame(start + 1, "started\n"), frame(start + 2, "again no"), frame(start + 2, " end")];
		expect(texts(read(file, null))).toEqual(["no end", "started"]);
		const counter = new LineCounter(null);
		for (const one of file) counter.push(one);
		expect(texts(counter.close())).toEqual(["again no end"]);
	});

	it("are cut when they are longer than 16 kB, and say so", () => {
		const piece = "ä".repeat(8_192);
		const file = [...Array.from({ length: 60 }, () => frame(start, piece)), frame(start, "end\n"), frame(start, "next\n")];
		const [long, next] = read(file, null);
		expect(long?.line.text).toBe(`${piece} [Sluice cut ${59 * 16_384 + 3} bytes of this line]`);
		expect(next?.line.text).toBe("next");
		const odd = read([frame(start, `x${"ä".repeat(8_192)}`), frame(start, "\n")], null)[0];
		expect(odd?.line.text).toBe(`x${"ä".repeat(8_191)} [Sluice cut 1 bytes of this line]`);
	});

	it("stay what they are when they are hostile", () => {
		const hostile = [
			"\u001b[31mred\u001b[0m\r\n",
			"10 %\r20 %\r\n",
			"\u0000\u0001\n",
			Buffer.from([0xff, 0xfe, 0x0a]),
			"<b>&\n",
			"\n",
		];
		expect(
			texts(
				read(
					hostile.map((text) => frame(start, text)),
					null,
				),
			),
		).toEqual([...["\u001b[31mred\u001b[0m", "10 %\r20 %", "\u0000\u0001", "\ufffd\ufffd", "<b>&", ""]]);
	});

	it("beyond 5,000 in a second of theirs are dropped, and one says how many", () => {
		const file = Array.from({ length: 5_100 }, (_, index) => frame(start, `${index}\n`));
		file.push(frame(start + 1_000, "calm\n"));
		const all = read(file, null);
		expect(shown(all.slice(4_999))).toEqual([
			"5000 out 4999",
			"5100 note [Sluice dropped 100 lines here: more than 5000 lines or 2 MB in a second]",
			"5101 out calm",
		]);
		expect(texts(read(file, all.at(-2)?.position ?? null))).toEqual(["calm"]);
		expect(read(file.slice(0, -1), null).at(-1)?.line.text).toContain("dropped 100 lines");
	});
});
