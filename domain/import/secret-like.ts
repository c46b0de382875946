const namedSo =
	/(PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|SIGNING_?KEY|ENCRYPTION_?KEY|SALT|DSN)$|^(AUTH|PGPASS)/i;
const within = /(PASSWORD|PASSWD|SECRET|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY)/i;
/** user:password@ in an address, keys that programs give out, PEM. */
const looksSo =
	/:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN|^(ghp|gho|github_pat|glpat|xox[abp]|sk|pk|rk|AKIA|ASIA|eyJ)[-_A-Za-z0-9]{12,}|^[A-Za-z0-9+/_-]{40,}={0,2}$|^[0-9a-f]{32,}$/i;

/** Whether a variable must not be copied into a repository: by its name, or by how its value looks. Rather once too often. */
export function isSecretLike(name: string, value: string): boolean {
	// A file's place is no secret: what is in the file is.
	if (/_(FILE|PATH|DIR)$/i.test(name) && value.startsWith("/")) return false;
	return namedSo.test(name) || within.test(name) || looksSo.test(value);
}

/** A variable as a manifest may hold it; what refers to something, or is a secret, is to be set in the configuration. */
export function variableValue(
	name: string,
	value: string,
): { readonly literal: string } | { readonly source: "config" | "secret" } {
	if (isSecretLike(name, value)) return { source: "secret" };
	return /[\r\n\0]|\$\{/.test(value) || value.length > 2_000 ? { source: "config" } : { literal: value };
}

export function isVariableName(name: string): boolean {
	return name.length <= 100 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** `--db-password=…`, `--token …`, or an address with a password in it, among a command's words. */
export function hasSecretLike(words: readonly string[]): boolean {
	return words.some((word, index) => {
		const [, option, value] = /^-*([\w.-]+)=(.*)$/s.exec(word) ?? [];
		const before = /^--?[\w-]+$/.test(words[index - 1] ?? "") && !word.startsWith("-") ? (words[index - 1] ?? "") : "";
		const name = (option ?? before).replace(/^-+/, "").replace(/[.-]/g, "_");
		return isSecretLike(name, value ?? word);
	});
}
