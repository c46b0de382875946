"use client";

import { ChevronDown, ChevronUp, Clock, Download, WrapText } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "../button";
import { Input } from "../input";

interface LogToolbarProps {
	query: string;
	onQuery(query: string): void;
	matches: number;
	current: number;
	onStep(by: number): void;
	wrap: boolean;
	onWrap(wrap: boolean): void;
	times: boolean;
	onTimes(times: boolean): void;
	onDownload(): void;
}

export function LogToolbar(props: LogToolbarProps) {
	const t = useTranslations("log");
	return (
		<div role="toolbar" aria-label={t("toolbar")} className="flex flex-wrap items-center gap-1 border-line border-b p-1.5">
			<Input
				type="search"
				value={props.query}
				onChange={(event) => props.onQuery(event.target.value)}
				onKeyDown={(event) => {
					if (event.key === "Enter") props.onStep(event.shiftKey ? -1 : 1);
				}}
				placeholder={t("search")}
				aria-label={t("search")}
				className="h-7 w-44 text-xs sm:w-56"
			/>
			{props.query !== "" && (
				<>
					<span role="status" className="px-1 text-faint text-xs tabular">
						{props.matches === 0 ? t("noMatch") : t("matches", { current: props.current + 1, count: props.matches })}
					</span>
					<Button look="quiet" size="icon" className="size-7" aria-label={t("previous")} onClick={() => props.onStep(-1)}>
						<ChevronUp aria-hidden="true" className="size-4" />
					</Button>
					<Button look="quiet" size="icon" className="size-7" aria-label={t("next")} onClick={() => props.onStep(1)}>
						<ChevronDown aria-hidden="true" className="size-4" />
					</Button>
				</>
			)}
			<span className="flex-1" />
			<Toggle pressed={props.times} onPress={props.onTimes} label={t("times")}>
				<Clock aria-hidden="true" className="size-3.5" />
			</Toggle>
			<Toggle pressed={props.wrap} onPress={props.onWrap} label={t("wrap")}>
				<WrapText aria-hidden="true" className="size-3.5" />
			</Toggle>
			<Button look="quiet" size="small" onClick={props.onDownload}>
				<Download aria-hidden="true" className="size-3.5" />
				{t("download")}
			</Button>
		</div>
	);
}

function Toggle({ pressed, onPress, label, children }: ToggleProps) {
	return (
		<Button
			look="quiet"
			size="small"
			aria-pressed={pressed}
			onClick={() => onPress(!pressed)}
			className={pressed ? "bg-raised text-ink" : undefined}
		>
			{children}
			{label}
		</Button>
	);
}

interface ToggleProps {
	pressed: boolean;
	onPress(pressed: boolean): void;
	label: string;
	children: ReactNode;
}
