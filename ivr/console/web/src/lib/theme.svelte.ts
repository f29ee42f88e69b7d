/** Light or dark: as the system says until the user chooses. */
const KEPT = "moked.theme";

class Theme {
  dark = $state(false);

  constructor() {
    const kept = localStorage.getItem(KEPT);
    this.dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (kept) this.apply();
  }

  toggle(): void {
    this.dark = !this.dark;
    localStorage.setItem(KEPT, this.dark ? "dark" : "light");
    this.apply();
  }

  private apply(): void {
    document.documentElement.dataset.theme = this.dark ? "dark" : "light";
  }
}

export const theme = new Theme();
