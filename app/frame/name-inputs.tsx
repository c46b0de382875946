"use client";

import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useEffect, useId, useState } from "react";
import { Input } from "@/components/input";
import { useTRPC } from "../trpc/client";
import { FilterInput } from "./filter-input";

interface NameInputProps {
	value: string;
	onValue(value: string): void;
	label: string;
}

/** There may be thousands: what is typed is looked for, and a few are offered. */
const mostOffered = 8;
const lookAfterMs = 200;

/** Names of services that what is typed finds. */
function useServiceOffers(typed: string): string[] {
	const question = useTRPC().service.list.queryOptions({ search: typed, limit: mostOffered }, { enabled: typed !== "" });
	return useQuery(question).data?.map(({ name }) => name) ?? [];
}

/** A filter by the name of a service, as it is typed or chosen. */
export function ServiceInput(props: NameInputProps) {
	const [typed, setTyped] = useState("");
	return <FilterInput {...props} onTyped={setTyped} offers={useServiceOffers(typed)} />;
}

/** A form's field for the name of a service: what is typed counts at once, also half a name. */
export function ServiceNameInput({ value, onValue, ...rest }: Omit<NameInputProps, "label"> & ComponentProps<typeof Input>) {
	const list = useId();
	const [looked, setLooked] = useState("");
	useEffect(() => {
		const timer = setTimeout(() => setLooked(value), lookAfterMs);
		return () => clearTimeout(timer);
	}, [value]);
	return (
		<>
			<Input {...rest} list={list} spellCheck={false} value={value} onChange={(event) => onValue(event.target.value.trim())} />
			<datalist id={list}>
				{useServiceOffers(looked).map((offer) => (
					<option key={offer} value={offer} />
				))}
			</datalist>
		</>
	);
}

/** The name of a repository, as it is typed or chosen. */
export function RepositoryInput(props: NameInputProps) {
	const [typed, setTyped] = useState("");
	const question = useTRPC().repository.list.queryOptions({ search: typed, limit: mostOffered }, { enabled: typed !== "" });
	return <FilterInput {...props} onTyped={setTyped} offers={useQuery(question).data?.map(({ name }) => name) ?? []} />;
}
