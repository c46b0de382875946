"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";

/** More about what is pointed at or focused; never the only place where something is said. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
	return (
		<Radix.Root>
			<Radix.Trigger asChild>{children}</Radix.Trigger>
			<Radix.Portal>
				<Radix.Content
					sideOffset={4}
					collisionPadding={8}
					className="z-50 max-w-80 rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-md select-text"
				>
					{text}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

export const TooltipProvider = Radix.Provider;
