import type { DeliveryDocument, WorkloadDocument } from "@/domain/manifest/documents";

/** Where an image is, as people write it. */
export interface ImageName {
	/** host or host:port; null = none is written: this platform's own registry, else the usual one. */
	readonly registry: string | null;
	readonly repository: string;
	/** `latest` where neither tag nor digest is written. */
	readonly tag: string;
	/** sha256:…; null = the tag says which. */
	readonly digest: string | null;
}

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const pattern = new RegExp(`^(${part}(?:/${part})*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);

/** null = it is no image's name. The first part is a registry when it has a dot or a port, or is localhost, as for Docker. */
export function parseImage(text: string): ImageName | null {
	const [first = "", ...rest] = text.split("/");
	const isRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
	const [, repository, tag = "latest", digest = null] = pattern.exec(isRegistry ? rest.join("/") : text) ?? [];
	if (repository === undefined) return null;
	if (isRegistry && !/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/.test(first)) return null;
	return { registry: isRegistry ? first : null, repository, tag, digest };
}

/** What a manifest runs without building it; null = it is built here, which Score writes as ".". */
export function imageOf(workload: WorkloadDocument, delivery: DeliveryDocument | null): string | null {
	const image = Object.values(workload.containers)[0]?.image;
	return image === undefined || image === "." || delivery?.build !== undefined ? null : image;
}
