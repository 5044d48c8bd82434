/** What of the network can be interrupted, from the whole to the single unit. */
export const elementKinds = ['source', 'switch', 'section', 'transformer', 'unit'] as const
export type ElementKind = (typeof elementKinds)[number]

export interface NetworkElement {
  readonly kind: ElementKind
  readonly id: string
}
