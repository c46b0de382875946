import Link from "next/link";
import { useTranslations } from "next-intl";
import { PageHead } from "../../frame/page-head";
import { CreateRepository } from "./create-repository";

/** The second way: for a service that exists already. */
export function CreateEmpty() {
	const t = useTranslations("create");
	return (
		<div className="max-w-2xl">
			<PageHead
				title={t("title")}
				facts={
					<>
						{t("intro")}{" "}
						<Link href="/create" className="text-accent underline">
							{t("toTemplates")}
						</Link>
					</>
				}
			/>
			<CreateRepository />
		</div>
	);
}
