"use client";

import type { ComponentProps } from "react";
import { Button } from "@/components/button";
import { cx } from "@/components/class-names";
import { Tooltip } from "@/components/tooltip";
import { useSaid } from "../i18n/said/use-said";

/** A button that, when its act is refused, stays where it is, can be reached by keyboard and says why. */
export function VerbButton({ refusal, className, ...rest }: ComponentProps<typeof Button> & { refusal: string | null }) {
	const said = useSaid();
	if (refusal === null) return <Button className={className} {...rest} />;
	return (
		<Tooltip text={said(refusal)}>
			<Button
				{...rest}
				aria-disabled="true"
				aria-description={said(refusal)}
				onClick={(event) => event.preventDefault()}
				className={cx("opacity-55 hover:brightness-100", className)}
			/>
		</Tooltip>
	);
}
