const begin = "There is no sluice.yaml in ";

/** Why a pushed commit is not built, and where its manifest is proposed. */
export function missingManifest(repository: string, portalUrl: string): string {
	return `${begin}${repository}: ${portalUrl}${importPath(repository)} proposes one from what the repository says, or \`sluice import ${repository}\`.`;
}

export function isMissingManifest(reason: string | null): boolean {
	return reason?.startsWith(begin) ?? false;
}

/** The form of the portal for a repository that is here. */
export function importPath(repository: string): string {
	return `/create?way=import&repository=${encodeURIComponent(repository)}`;
}
