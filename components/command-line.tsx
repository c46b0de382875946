import { useTranslations } from "next-intl";
import { CopyButton } from "./copy-button";

/** Commands to type in a terminal, each on a line, with one button that copies them all. */
export function CommandLine({ commands }: { commands: readonly string[] }) {
	const t = useTranslations("copy");
	return (
		<div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto py-0.5 font-mono text-xs leading-5">
				{commands.map((command) => (
					<div key={command}>
						<span aria-hidden="true" className="text-faint select-none">
							{"$ "}
						</span>
						<code>{command}</code>
					</div>
				))}
			</pre>
			<CopyButton bare text={commands.join("\n")} label={t("copyCommands")} />
		</div>
	);
}
