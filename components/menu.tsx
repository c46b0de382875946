"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names";

interface MenuProps {
	trigger: ReactNode;
	children: ReactNode;
	align?: "start" | "end";
	onOpenChange?(open: boolean): void;
	/** For menus whose entries say more than their name. */
	tall?: boolean;
}

export function Menu({ trigger, children, align = "start", onOpenChange, tall = false }: MenuProps) {
	return (
		<Radix.Root onOpenChange={onOpenChange} modal={false}>
			<Radix.Trigger asChild>{trigger}</Radix.Trigger>
			<Radix.Portal>
				<Radix.Content
					align={align}
					sideOffset={4}
					collisionPadding={8}
					className={cx(
						"z-50 min-w-44 overflow-y-auto rounded-md border border-line bg-canvas p-1 shadow-lg",
						tall ? "max-h-[85vh]" : "max-h-[min(24rem,70vh)]",
					)}
				>
					{children}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof Radix.Item>) {
	return (
		<Radix.Item
			className={cx(
				"flex cursor-pointer items-center gap-2 rounded px-2 py-1.5 text-sm outline-none data-[disabled]:cursor-default data-[disabled]:text-faint data-[highlighted]:bg-raised data-[highlighted]:text-ink",
				className,
			)}
			{...rest}
		/>
	);
}

export function MenuLabel({ children }: { children: ReactNode }) {
	return <Radix.Label className="px-2 py-1 text-faint text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
	return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
