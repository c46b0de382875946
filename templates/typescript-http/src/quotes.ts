/** First lines and famous lines of books that are in the public domain. */
export interface Quote {
	readonly id: number;
	readonly text: string;
	readonly author: string;
	readonly source: string;
}

const quotes: readonly Quote[] = [
	{ id: 1, text: "Call me Ishmael.", author: "Herman Melville", source: "Moby-Dick, chapter 1" },
	{
		id: 2,
		text: "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.",
		author: "Jane Austen",
		source: "Pride and Prejudice, chapter 1",
	},
	{
		id: 3,
		text: "It was the best of times, it was the worst of times.",
		author: "Charles Dickens",
		source: "A Tale of Two Cities, book 1, chapter 1",
	},
	{
		id: 4,
		text: "There was no possibility of taking a walk that day.",
		author: "Charlotte Brontë",
		source: "Jane Eyre, chapter 1",
	},
	{
		id: 5,
		text: "To be, or not to be, that is the question.",
		author: "William Shakespeare",
		source: "Hamlet, act 3, scene 1",
	},
	{
		id: 6,
		text: "The time has come, the Walrus said, to talk of many things.",
		author: "Lewis Carroll",
		source: "Through the Looking-Glass, chapter 4",
	},
];

export function findQuotes(author: string | null): readonly Quote[] {
	if (author === null) return quotes;
	const wanted = author.toLowerCase();
	return quotes.filter((quote) => quote.author.toLowerCase().includes(wanted));
}

export function findQuote(id: number): Quote | null {
	return quotes.find((quote) => quote.id === id) ?? null;
}

/** The same quote all day (UTC) on every instance: nothing is kept between requests. */
export function quoteOfTheDay(now: Date): Quote {
	const day = Math.floor(now.getTime() / 86_400_000);
	const quote = quotes[((day % quotes.length) + quotes.length) % quotes.length];
	if (!quote) throw new Error("there are no quotes");
	return quote;
}
