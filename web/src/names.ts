// What people call queues, regions, sections and flows, in the page's language. What has no name stands by its key.
import { signal } from "@preact/signals";
import { ask } from "./api";
import { language } from "./words";

type Kind = "queues" | "regions" | "sections" | "categories" | "flows";
type Names = Record<Kind, Record<string, Record<string, string>>>;

const names = signal<Names | null>(null);

export async function learnNames(): Promise<void> {
  names.value = await ask<Names>("GET", "/names");
}

export function named(kind: Kind, key: string): string {
  const texts = names.value?.[kind][key];
  return texts?.[language.value] ?? texts?.ru ?? key;
}

// A call's path goes through the nodes of flows ("main.other-matters"): told by its flows, each once in a row.
export function pathInWords(path: string[]): string {
  const flows = path.map((step) => step.split(".", 1)[0] ?? step);
  return flows.filter((flow, at) => flow !== flows[at - 1]).map((flow) => named("flows", flow)).join(" → ");
}

export function languageInWords(code: string): string {
  return code && (new Intl.DisplayNames([language.value], { type: "language" }).of(code) ?? code);
}
