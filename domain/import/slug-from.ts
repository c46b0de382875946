/** `Order_Service` as `order-service`, cut to so many letters; null = nothing is left of it. */
export function slugFrom(text: string, most: number): string | null {
	const words = text
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^[^a-z]+/, "");
	const slug = words.slice(0, most).replace(/-+$/, "");
	return slug === "" ? null : slug;
}
