import { isDockerfile } from "@/domain/import/choose-dockerfile";
import { packageFiles } from "@/domain/import/package-hints";

/** Whether a proposal is made of this file's text, among others. */
export function isDescribing(path: string): boolean {
	const depth = path.split("/").length;
	if (depth > 4 || /(^|\/)(node_modules|vendor|third_party)\//.test(path)) return false;
	if (isDockerfile(path)) return true;
	if (/^((docker-)?compose|score|catalog-info)\.ya?ml$/.test(path)) return true;
	return packageFiles.test(path) && depth <= 2;
}
