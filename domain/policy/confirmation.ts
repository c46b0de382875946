/** What a change in an environment asks of a person: nothing, a second click, or the service's name typed. */
export const confirmations = ["none", "click", "name"] as const;
export type Confirmation = (typeof confirmations)[number];

export function isConfirmation(text: string): text is Confirmation {
	return (confirmations as readonly string[]).includes(text);
}
