"use client";

import { useEffect, useId, useRef, useState } from "react";
import { Input } from "@/components/input";

interface FilterInputProps {
	value: string;
	onValue(value: string): void;
	label: string;
	/** What is typed, after a pause too: what to look for offers by. */
	onTyped?(typed: string): void;
	offers?: readonly string[];
}

/** Types at once, tells after a pause of 200 ms; follows the address when it changes from elsewhere. */
export function FilterInput({ value, onValue, label, onTyped, offers }: FilterInputProps) {
	const list = useId();
	const [typed, setTyped] = useState(value);
	const told = useRef(value);
	useEffect(() => {
		if (value === told.current) return;
		told.current = value;
		setTyped(value);
	}, [value]);
	useEffect(() => {
		if (typed === told.current) return;
		const timer = setTimeout(() => {
			onTyped?.(typed);
			// Half a name is nothing yet where names are offered: it counts when it is one of them, or when it is empty.
			if (offers !== undefined && typed !== "" && !offers.includes(typed)) return;
			told.current = typed;
			onValue(typed);
		}, 200);
		return () => clearTimeout(timer);
	}, [typed, onValue, onTyped, offers]);
	return (
		<>
			<Input
				type="search"
				value={typed}
				onChange={(event) => setTyped(event.target.value)}
				placeholder={label}
				aria-label={label}
				className="w-full sm:w-64"
				list={offers === undefined ? undefined : list}
			/>
			{offers !== undefined && (
				<datalist id={list}>
					{offers.map((offer) => (
						<option key={offer} value={offer} />
					))}
				</datalist>
			)}
		</>
	);
}
