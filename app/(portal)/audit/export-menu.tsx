"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Menu, MenuItem } from "@/components/menu";
import { type ExportFormat, exportFormats } from "@/domain/audit/export";

interface ExportMenuProps {
	/** As the page is filtered. */
	search: string;
	action: string;
}

/** The trail as a file, as the page is filtered; the browser takes it piece by piece. */
export function ExportMenu({ search, action }: ExportMenuProps) {
	const t = useTranslations("audit");
	const addressOf = (format: ExportFormat) =>
		`/api/audit/export?${new URLSearchParams({ format, ...(search === "" ? {} : { search }), ...(action === "" ? {} : { action }) })}`;
	return (
		<Menu
			align="end"
			trigger={
				<Button>
					<Download aria-hidden="true" className="size-4" />
					{t("export")}
				</Button>
			}
		>
			{exportFormats.map((format) => (
				<MenuItem key={format} asChild>
					<a href={addressOf(format)} download>
						{t(`exportAs.${format}`)}
					</a>
				</MenuItem>
			))}
		</Menu>
	);
}
