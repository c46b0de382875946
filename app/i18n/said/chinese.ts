import { wordsIn } from "@/domain/said/words";
import said from "../../../messages/said.zh.json";
import { Translator } from "./translator";

/** Loaded when a page is Chinese, and never else: the catalogue is large. `messages` are the page's own texts, for single words. */
export function chinese(messages: object): Translator {
	return new Translator(said, wordsIn(messages));
}
