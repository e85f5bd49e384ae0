/** Names under which a tour is kept on this device: one cache for each site, language and edition. */

export const PREFIX = "ditich/";

export interface KeptName {
  slug: string;
  language: string;
  edition: string;
}

export const nameOf = ({ slug, language, edition }: KeptName): string => `${PREFIX}${slug}/${language}/${edition}`;

export function partsOf(name: string): KeptName | null {
  if (!name.startsWith(PREFIX)) return null;
  const [slug, language, edition] = name.slice(PREFIX.length).split("/");
  return slug && language && edition ? { slug, language, edition } : null;
}

/** What `…/offline.json` says. */
export interface KeepList extends KeptName {
  octets: number;
  home: string;
  /** The tour's own name, and that of its language as its speakers call it. */
  name: string;
  spoken: string;
  /** What is said of a page that was not kept, by language: whoever changes the language may have kept only the other one. */
  missing: Record<string, [title: string, words: string, again: string]>;
  files: [address: string, octets: number, form: string][];
}
