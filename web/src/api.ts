// Requests to the hotline's API; a refusal carries the server's own words.
import { language } from "./words";

export class Refused extends Error {
  constructor(readonly status: number, words: string) {
    super(words);
  }
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      "X-Kommutator": "1",
      "Accept-Language": language.value,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Refused(answer.status, told?.detail ?? answer.statusText);
  return told as T;
}

export function socketUrl(path: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
