"use client";

import { type ReactNode, useId } from "react";

interface FieldProps {
	label: string;
	hint?: string;
	problem?: string | null;
	children(ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }): ReactNode;
}

/** A labelled input; its hint and its problem are read out with it. */
export function Field({ label, hint, problem, children }: FieldProps) {
	const id = useId();
	const said = problem ?? hint;
	return (
		<div className="grid gap-1">
			<label htmlFor={id} className="font-medium text-sm">
				{label}
			</label>
			{children({
				id,
				"aria-describedby": said === undefined ? undefined : `${id}-said`,
				"aria-invalid": problem ? true : undefined,
			})}
			{said !== undefined && (
				<p id={`${id}-said`} className={problem ? "text-failed text-xs" : "text-faint text-xs"}>
					{said}
				</p>
			)}
		</div>
	);
}
