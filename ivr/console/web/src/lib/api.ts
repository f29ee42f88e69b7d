/** Requests to the server: JSON, CSRF header, and problems as sentences. */
import { locale, t } from "./i18n.svelte";

let csrf = "";
let onSignedOut: () => void = () => undefined;

export function useCsrf(value: string): void {
  csrf = value;
}

export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

/** What the server refused, in the reader's language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: string[] = [],
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Problem ? error.message : t("problem.unknown");
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        "Accept-Language": locale.language,
        "Content-Type": "application/json",
        "X-Moked-CSRF": csrf,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, "network", t("problem.network"));
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = await response.json().catch(() => ({}));
  if (response.status === 401 && problem.code === "not_signed_in") onSignedOut();
  throw new Problem(
    response.status,
    problem.code ?? "unknown",
    problem.message ?? t("problem.unknown"),
    problem.fields,
    problem,
  );
}

export const api = {
  get: <T>(path: string) => send<T>("GET", path),
  post: <T = void>(path: string, body: unknown = {}) => send<T>("POST", path, body),
  put: <T>(path: string, body: unknown) => send<T>("PUT", path, body),
  patch: <T>(path: string, body: unknown) => send<T>("PATCH", path, body),
  delete: (path: string) => send<void>("DELETE", path),
};
