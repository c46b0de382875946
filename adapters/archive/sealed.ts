import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { AppError } from "@/domain/errors";

/**
 * A stream sealed with a passphrase: frames of 1 MiB, each with AES-256-GCM under a key of scrypt, a nonce that counts,
 * and a mark on the last one. So nothing is handed on that was not checked, a frame that is missing, moved or cut off is
 * noticed, and there is no limit of 64 GB.
 */
export const sealMagic = Buffer.from("SLUICE-SEALED-1\n");
const saltBytes = 16;
const prefixBytes = 7;
const headerBytes = sealMagic.length + saltBytes + prefixBytes;
const frameBytes = 1024 * 1024;
const tagBytes = 16;
/** 64 MiB and about 0.2 s a guess. */
const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

function keyOf(passphrase: string, salt: Buffer): Buffer {
	return scryptSync(passphrase.normalize("NFC"), salt, 32, cost);
}

function nonceOf(prefix: Buffer, frame: number, isLast: boolean): Buffer {
	const nonce = Buffer.alloc(12);
	prefix.copy(nonce);
	nonce.writeUInt32BE(frame, prefixBytes);
	nonce.writeUInt8(isLast ? 1 : 0, 11);
	return nonce;
}

export async function* seal(source: AsyncIterable<Buffer>, passphrase: string): AsyncGenerator<Buffer> {
	const [salt, prefix] = [randomBytes(saltBytes), randomBytes(prefixBytes)];
	const header = Buffer.concat([sealMagic, salt, prefix]);
	const key = keyOf(passphrase, salt);
	yield header;
	const frame = (content: Buffer, number: number, isLast: boolean): Buffer => {
		const cipher = createCipheriv("aes-256-gcm", key, nonceOf(prefix, number, isLast)).setAAD(header);
		const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
		const length = Buffer.alloc(4);
		length.writeUInt32BE(sealed.length);
		return Buffer.concat([length, sealed, cipher.getAuthTag()]);
	};
	let number = 0;
	for await (const content of inFrames(source)) {
		if (content.length === frameBytes) yield frame(content, number++, false);
		else yield frame(content, number, true);
	}
}

/** Full frames, and at the end one that is not full, which may be empty. */
async function* inFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let kept: Buffer = Buffer.alloc(0);
	for await (const chunk of source) {
		kept = Buffer.concat([kept, chunk]);
		for (; kept.length >= frameBytes; kept = kept.subarray(frameBytes)) yield kept.subarray(0, frameBytes);
	}
	yield kept;
}

/** Throws `invalid` for another passphrase and for anything that was changed. */
export async function* unseal(source: AsyncIterable<Buffer>, passphrase: string): AsyncGenerator<Buffer> {
	const reader = new Reader(source);
	const header = await reader.take(headerBytes);
	const salt = header.subarray(sealMagic.length, sealMagic.length + saltBytes);
	const prefix = header.subarray(sealMagic.length + saltBytes);
	const key = keyOf(passphrase, salt);
	for (let number = 0; ; number += 1) {
		const length = (await reader.take(4)).readUInt32BE();
		const isLast = length < frameBytes;
		const sealed = await reader.take(Math.min(length, frameBytes));
		const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(prefix, number, isLast)).setAAD(header);
		decipher.setAuthTag(await reader.take(tagBytes));
		try {
			yield Buffer.concat([decipher.update(sealed), decipher.final()]);
		} catch (cause) {
			throw new AppError("invalid", "The file cannot be opened: the passphrase is another one, or it was changed.", { cause });
		}
		if (isLast) return;
	}
}

class Reader {
	readonly #source: AsyncIterator<Buffer>;
	#kept: Buffer = Buffer.alloc(0);

	constructor(source: AsyncIterable<Buffer>) {
		this.#source = source[Symbol.asyncIterator]();
	}

	async take(bytes: number): Promise<Buffer> {
		const pieces = [this.#kept];
		let length = this.#kept.length;
		while (length < bytes) {
			const next = await this.#source.next();
			if (next.done) throw new AppError("invalid", "The file is cut off: copy it again from where it was whole.");
			pieces.push(next.value);
			length += next.value.length;
		}
		const all = Buffer.concat(pieces);
		this.#kept = all.subarray(bytes);
		return all.subarray(0, bytes);
	}
}
