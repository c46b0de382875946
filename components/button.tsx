import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cx } from "./class-names";

export const buttonStyle = cva(
	"inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55",
	{
		variants: {
			look: {
				primary: "border-transparent bg-accent-solid text-on-accent hover:bg-accent-hover",
				plain: "border-line-strong/60 bg-canvas text-ink hover:bg-raised",
				quiet: "border-transparent bg-transparent text-soft hover:bg-raised hover:text-ink",
				danger: "border-transparent bg-failed-solid text-on-accent hover:brightness-110",
			},
			size: {
				small: "h-7 px-2 text-xs",
				medium: "h-8 px-3 text-sm",
				icon: "size-8",
			},
		},
		defaultVariants: { look: "plain", size: "medium" },
	},
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonStyle>;

export function Button({ look, size, className, type = "button", ...rest }: ButtonProps) {
	return <button type={type} className={cx(buttonStyle({ look, size }), className)} {...rest} />;
}
