"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "./button";

/** Copies `text`; says so on itself for two seconds. */
export function CopyButton({ text, label, bare = false }: { text: string; label: string; bare?: boolean }) {
	const t = useTranslations("copy");
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = setTimeout(() => setCopied(false), 2000);
		return () => clearTimeout(timer);
	}, [copied]);
	const Icon = copied ? Check : Copy;
	const said = copied ? t("copied") : label;
	return (
		<Button
			look={bare ? "quiet" : "plain"}
			size={bare ? "icon" : "medium"}
			className={bare ? "size-6" : undefined}
			title={text}
			aria-label={bare ? said : undefined}
			onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
		>
			<Icon aria-hidden="true" className="size-3.5" />
			{!bare && <span aria-live="polite">{said}</span>}
		</Button>
	);
}
