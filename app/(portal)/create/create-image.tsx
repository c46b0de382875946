"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "@/components/section";
import { readPorts, readVariables, writeImageManifest } from "@/domain/manifest/write-image";
import { PageHead } from "../../frame/page-head";
import { useTRPC } from "../../trpc/client";
import { ImageDeploy } from "./image-deploy";
import { ImageForm, type ImageWords } from "./image-form";

const empty: ImageWords = {
	...{ name: "", image: "", protocol: "tcp", ports: "", healthPath: "/", volumePath: "", variables: "" },
};

/** A third way: nothing is built. The form proposes a manifest, and what stands in that is deployed. */
export function CreateImage() {
	const t = useTranslations("create.image");
	const owner = useQuery(useTRPC().session.me.queryOptions()).data?.name ?? "";
	const [words, setWords] = useState(empty);
	const manifest = proposed(words, owner);
	return (
		<div className="max-w-3xl">
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
			<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
				<Section title={t("form")}>
					<ImageForm words={words} onChange={setWords} />
				</Section>
				{manifest !== null && <ImageDeploy proposed={manifest} />}
			</div>
		</div>
	);
}

/** null = there is not enough yet. */
function proposed({ ports: portWords, variables: lines, ...words }: ImageWords, owner: string): string | null {
	const ports = readPorts(portWords);
	const variables = readVariables(lines);
	if (words.name === "" || words.image === "" || ports === null || variables === null) return null;
	return writeImageManifest({ ...words, owner, ports, variables });
}
