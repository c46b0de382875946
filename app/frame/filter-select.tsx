"use client";

import { Select } from "@/components/input";

interface FilterSelectProps {
	label: string;
	value: string;
	onValue(value: string): void;
	/** Text of "no filter". */
	all: string;
	options: readonly { readonly value: string; readonly label: string }[];
}

export function FilterSelect({ label, value, onValue, all, options }: FilterSelectProps) {
	return (
		<Select aria-label={label} value={value} onChange={(event) => onValue(event.target.value)}>
			<option value="">{all}</option>
			{options.map((option) => (
				<option key={option.value} value={option.value}>
					{option.label}
				</option>
			))}
		</Select>
	);
}
