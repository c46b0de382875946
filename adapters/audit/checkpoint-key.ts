import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { createOnce } from "@/adapters/ca/secret-file";
import { AppError } from "@/domain/errors";

export interface CheckpointKey {
	/** In base64. */
	sign(text: string): string;
	isSigned(text: string, signature: string): boolean;
}

/** Ed25519, in a file that only its owner reads, made by whoever comes first. Throws `unavailable` when it holds no key. */
export async function ensureCheckpointKey(file: string): Promise<CheckpointKey> {
	const pem = await createOnce(file, async () =>
		generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
	);
	const own = parse(file, pem);
	const open = createPublicKey(own);
	return {
		sign: (text) => sign(null, Buffer.from(text, "utf8"), own).toString("base64"),
		isSigned: (text, signature) => verify(null, Buffer.from(text, "utf8"), open, Buffer.from(signature, "base64")),
	};
}

function parse(file: string, pem: string): KeyObject {
	try {
		return createPrivateKey(pem);
	} catch {
		throw new AppError("unavailable", `${file} does not hold a key: put the file back from your backup.`);
	}
}
