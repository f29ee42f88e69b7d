/** Texts of the page in the reader's language: Hebrew first, English second. */
import i18next from "i18next";
import en from "../messages/en.json";
import he from "../messages/he.json";

export type Key = keyof typeof he;
export type Language = "he" | "en";

// Both catalogues have the same keys: a missing one is a type error here.
const resources: Record<Language, Record<Key, string>> = { he, en };
const KEPT = "moked.language";

class Locale {
  language = $state<Language>(localStorage.getItem(KEPT) === "en" ? "en" : "he");

  get direction(): "rtl" | "ltr" {
    return this.language === "he" ? "rtl" : "ltr";
  }

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(KEPT, language);
    void i18next.changeLanguage(language);
    this.apply();
  }

  apply(): void {
    document.documentElement.lang = this.language;
    document.documentElement.dir = this.direction;
  }
}

export const locale = new Locale();

void i18next.init({
  lng: locale.language,
  fallbackLng: "he",
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false }, // Svelte escapes
  resources: { he: { translation: resources.he }, en: { translation: resources.en } },
});

/** The text for `key`; read inside templates it follows a change of language. */
export function t(key: Key, values?: Record<string, string | number>): string {
  void locale.language;
  return i18next.t(key, values ?? {});
}

/** The text for a name that came from the server, or the name itself. */
export function named(prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return key in resources.he ? t(key as Key) : name;
}
