/** What Docker puts before each piece of a container's output: eight bytes, the stream and the piece's length. */
const headBytes = 8;
/** Docker cuts at 16 kB; anything much longer is no frame. */
const longestBytes = 1024 * 1024;

export interface Frame {
	readonly stream: "out" | "err";
	readonly payload: Buffer;
}

/** Takes a stream of bytes apart into frames, wherever it was cut on its way. */
export class FrameParser {
	#rest = Buffer.alloc(0);

	/** Throws with the engine's own words when it sends some, and when these are no frames. */
	push(chunk: Buffer): Frame[] {
		let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const frames: Frame[] = [];
		while (bytes.length >= headBytes) {
			const length = bytes.readUInt32BE(4);
			const kind = bytes[0] ?? 0;
			if (kind > 3 || length > longestBytes) throw new Error("the engine sends what is no log");
			if (bytes.length < headBytes + length) break;
			const payload = bytes.subarray(headBytes, headBytes + length);
			if (kind === 3) throw new Error(payload.toString("utf8"));
			frames.push({ stream: kind === 2 ? "err" : "out", payload });
			bytes = bytes.subarray(headBytes + length);
		}
		this.#rest = Buffer.from(bytes);
		return frames;
	}
}
