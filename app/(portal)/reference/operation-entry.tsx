"use client";

import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { Said } from "../../i18n/said/said";
import { curlOf } from "./curl";
import { type ApiSchema, bodySchemaOf, type ListedOperation, parametersOf } from "./document";

/** One line; opened, what it takes and the call as curl. */
export function OperationEntry({ operation, server }: { operation: ListedOperation; server: string }) {
	const t = useTranslations("reference");
	const { method, path, summary, operationId } = operation;
	const body = bodySchemaOf(operation);
	return (
		<li>
			<details>
				<summary className="grid cursor-pointer grid-cols-[4rem_minmax(0,1fr)] gap-x-3 py-2 text-sm hover:bg-raised/70">
					<span
						className={method === "GET" ? "font-mono text-stable text-xs leading-5" : "font-mono text-accent text-xs leading-5"}
					>
						{method}
					</span>
					<span className="min-w-0">
						<code className="font-mono text-xs leading-5 break-words">{path}</code>
						<span className="block text-soft">
							<Said text={summary} />
						</span>
					</span>
				</summary>
				<div className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-1 pb-4 sm:pl-[4.75rem]">
					<p className="text-faint text-xs">
						{t("needs", { role: operation["x-sluice-role"], scope: operation["x-sluice-scope"], procedure: operationId })}
					</p>
					<Parameters operation={operation} />
					{body !== null && <Body schema={body} />}
					<CommandLine commands={[curlOf(server, operation)]} />
				</div>
			</details>
		</li>
	);
}

function Parameters({ operation }: { operation: ListedOperation }) {
	const t = useTranslations("reference");
	const parameters = parametersOf(operation);
	if (parameters.length === 0) return null;
	return (
		<Table label={t("parameters")}>
			<HeadRow>
				<Head>{t("parameter")}</Head>
				<Head>{t("place")}</Head>
				<Head>{t("kind")}</Head>
				<Head>{t("required")}</Head>
			</HeadRow>
			<tbody>
				{parameters.map(({ name, in: place, schema, required }) => (
					<Row key={name}>
						<Cell className="font-mono text-xs leading-5">{name}</Cell>
						<Cell className="text-soft">{place}</Cell>
						<Cell className="text-soft">{kindOf(schema)}</Cell>
						<Cell className="text-soft">{required ? t("yes") : t("no")}</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}

function Body({ schema }: { schema: ApiSchema }) {
	const t = useTranslations("reference");
	return (
		<div>
			<p className="mb-1 text-faint text-xs">{t("body")}</p>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<pre tabIndex={0} className="max-h-72 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs">
				{JSON.stringify(schema, null, 2)}
			</pre>
		</div>
	);
}

function kindOf(schema: ApiSchema): string {
	if (schema.enum) return schema.enum.map(String).join(" | ");
	return typeof schema.type === "string" ? schema.type : (schema.type ?? []).join(" | ");
}
