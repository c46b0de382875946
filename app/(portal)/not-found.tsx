import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { buttonStyle } from "@/components/button";
import { Empty } from "@/components/empty";

export default async function NotFound() {
	const t = await getTranslations("problem");
	return (
		<Empty title={t("noPage")}>
			<div>
				<Link href="/catalog" className={buttonStyle({ look: "plain" })}>
					{t("toCatalog")}
				</Link>
			</div>
		</Empty>
	);
}
