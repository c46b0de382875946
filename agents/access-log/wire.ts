/** A read-only walk over one protobuf message, field by field; what is not asked for is skipped without being looked at. */
export class Fields {
	private readonly bytes: Buffer;
	private position: number;
	private readonly end: number;
	/** Of the field that `next` found. */
	number = 0;
	private wireType = 0;

	constructor(bytes: Buffer, from = 0, end = bytes.length) {
		this.bytes = bytes;
		this.position = from;
		this.end = end;
	}

	/** Goes to the next field; its value must then be taken by exactly one of the other calls. */
	next(): boolean {
		if (this.position >= this.end) return false;
		const tag = this.varint();
		this.number = Math.floor(tag / 8);
		this.wireType = tag & 7;
		return true;
	}

	/** Exact up to 2^53: enough for seconds, nanoseconds and codes. */
	varint(): number {
		let value = 0;
		for (let factor = 1; ; factor *= 128) {
			const byte = this.byte();
			value += (byte & 127) * factor;
			if (byte < 128) return value;
		}
	}

	/** To the nearest number that JavaScript has: nanoseconds since 1970 to within a microsecond. */
	fixed64(): number {
		const from = this.position;
		this.position += 8;
		if (this.position > this.end) throw new Error("a message that ends too early");
		return this.bytes.readUInt32LE(from) + this.bytes.readUInt32LE(from + 4) * 2 ** 32;
	}

	text(): string {
		const [from, to] = this.range();
		return this.bytes.toString("utf8", from, to);
	}

	message(): Fields {
		const [from, to] = this.range();
		return new Fields(this.bytes, from, to);
	}

	skip(): void {
		switch (this.wireType) {
			case 0:
				while (this.byte() >= 128);
				return;
			case 1:
				this.position += 8;
				return;
			case 2:
				this.range();
				return;
			case 5:
				this.position += 4;
				return;
			default:
				throw new Error(`a message with the unknown wire type ${this.wireType}`);
		}
	}

	private range(): [number, number] {
		const length = this.varint();
		const from = this.position;
		this.position += length;
		if (this.position > this.end) throw new Error("a message that ends too early");
		return [from, this.position];
	}

	private byte(): number {
		const byte = this.position < this.end ? this.bytes[this.position] : undefined;
		if (byte === undefined) throw new Error("a message that ends too early");
		this.position += 1;
		return byte;
	}
}
