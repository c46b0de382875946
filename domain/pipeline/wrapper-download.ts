/** A script of a repository that first downloads the tool it is named after, from a site of the tool's own. */
interface Wrapper {
	readonly script: string;
	/** What its output names when it downloads. */
	readonly address: RegExp;
	/** In its output only when the download failed. */
	readonly failed: RegExp;
	readonly advice: string;
}

const wrappers: readonly Wrapper[] = [
	{
		script: "gradlew",
		address: /^Downloading (https?:\/\/\S+)/m,
		failed: /\bat org\.gradle\.wrapper\.(Install|Download)\b|java\.io\.IOException: Downloading from \S+ failed/,
		advice:
			"Name a mirror that the build reaches as distributionUrl in gradle/wrapper/gradle-wrapper.properties, or put Gradle's zip beside that file and name it there.",
	},
	{
		script: "mvnw",
		address: /Failed to fetch (https?:\/\/\S+)|Downloading from:? (https?:\/\/\S+)/,
		failed:
			/(?:wget|curl): Failed to fetch https?:|\bat org\.apache\.maven\.wrapper\.\w*Download|main class org\.apache\.maven\.wrapper\.MavenWrapperMain/,
		advice:
			"Name a mirror that the build reaches as distributionUrl in .mvn/wrapper/maven-wrapper.properties, or call mvn, which Maven's images and Sluice's java base have.",
	},
];

const network =
	/(?:java\.net\.\w+(?:Exception|Error)|javax\.net\.ssl\.\w+Exception|java\.io\.IOException: Server returned)[^\n]{0,200}|failed: timeout[^\n]{0,60}/;

/** Why an instruction failed that calls a wrapper whose download did not answer, and what to do; null = it failed otherwise. */
export function wrapperDownload(instruction: string, lines: readonly string[]): string | null {
	const output = lines.join("\n");
	const wrapper = wrappers.find((one) => new RegExp(`(^|[\\s/'"])${one.script}\\b`).test(instruction) && one.failed.test(output));
	if (!wrapper) return null;
	const named = wrapper.address.exec(output);
	const address = (named?.[1] ?? named?.[2])?.replace(/\/\/[^/@\s]*@/, "//").slice(0, 200) ?? "its own site";
	const reason = network.exec(output)?.[0].trim() ?? null;
	const why = reason === null ? "" : ` (${reason})`;
	return `${wrapper.script} could not download its own tool from ${address}${why}. ${wrapper.advice}`;
}
