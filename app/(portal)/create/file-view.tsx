"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { cx } from "@/components/class-names";
import type { TemplateFile } from "@/domain/template/model";

/** The tree on the left, the chosen file beside it; on a narrow screen below. */
export function FileView({ files, first }: { files: readonly TemplateFile[]; first: string }) {
	const t = useTranslations("create.review");
	const [path, setPath] = useState(first);
	const shown = files.find((file) => file.path === path) ?? files[0];
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] overflow-hidden rounded-md border border-line md:grid-cols-[14rem_minmax(0,1fr)]">
			<ul
				aria-label={t("files")}
				className="max-h-56 overflow-y-auto border-line bg-raised p-1 max-md:border-b md:max-h-96 md:border-r"
			>
				{files.map((file) => (
					<li key={file.path}>
						<button
							type="button"
							aria-pressed={file.path === shown?.path}
							onClick={() => setPath(file.path)}
							className={cx(
								"block w-full truncate rounded px-2 py-1 text-left font-mono text-xs",
								file.path === shown?.path ? "bg-accent-wash text-accent" : "text-soft hover:bg-sunken hover:text-ink",
							)}
						>
							{file.path}
						</button>
					</li>
				))}
			</ul>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
			<section aria-label={shown?.path ?? ""} tabIndex={0} className="max-h-96 overflow-auto bg-sunken px-3 py-2">
				<pre className="font-mono text-xs leading-5">{shown?.text}</pre>
			</section>
		</div>
	);
}
