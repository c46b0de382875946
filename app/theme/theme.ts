/** Kept in this browser; absent = as the system. */
export const themeKey = "sluice-theme";
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Runs before the first paint, so the page never flashes in the other theme. */
export const themeScript = `try{var t=localStorage.getItem("${themeKey}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;

export function isTheme(value: string | null): value is Theme {
	return themes.some((theme) => theme === value);
}
