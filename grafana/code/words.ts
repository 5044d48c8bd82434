/** A text in both languages: what Grafana shows, and what stands beside it for whoever reads the code. */
export interface BothLanguages {
  readonly pt: string
  readonly en: string
}

/**
 * A text for a dashboard.
 * @param pt  Brazilian Portuguese, which is shown
 * @param en  the same in English
 */
export const both = (pt: string, en: string): BothLanguages => ({ pt, en })
